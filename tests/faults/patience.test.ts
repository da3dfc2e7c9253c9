// A fault whose moment never comes ends with words: a run that hangs tells nobody what is missing.
import { afterEach, expect, test, vi } from "vitest";
import type { Round } from "../../faults/fault.ts";
import { comesTrue, PATIENCE_MS, until, within } from "../../faults/patience.ts";
import { WORKER_FAULTS } from "../../faults/worker-faults.ts";

const SHORT_MS = 30;
const never = () => new Promise<void>(() => undefined);
afterEach(() => void vi.useRealTimers());

test("what comes is handed on, and a failure as it is", async () => {
  expect(await within("an answer", Promise.resolve(7), SHORT_MS)).toBe(7);
  await expect(within("an answer", Promise.reject(new Error("no")), SHORT_MS)).rejects.toThrow("no");
  let looks = 0;
  await until("a third look", () => (looks += 1) === 3);
  expect(looks).toBe(3);
});

test("what does not come is named, with how long it was waited for", async () => {
  const words = "waited 0.03 s in vain for an answer";
  await expect(within("an answer", never(), SHORT_MS)).rejects.toThrow(words);
  await expect(until("an answer", () => false, SHORT_MS)).rejects.toThrow(words);
  expect(await comesTrue(() => false, SHORT_MS)).toBe(false);
});

test("a worker that holds no request before the POST ends its fault after a minute", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const [fault] = WORKER_FAULTS;
  const struck = fault?.strike({ workers: { holds: never() } } as Round);
  const ended = expect(struck).rejects.toThrow("waited 60 s in vain for a request held before the POST");
  await vi.advanceTimersByTimeAsync(PATIENCE_MS);
  await ended;
});
