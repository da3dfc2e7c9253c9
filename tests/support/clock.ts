// The clock that a test owns.
import { afterEach } from "vitest";
import { setClock } from "../../app/platform/clock.server.ts";

afterEach(() => setClock());

/** Stops the app's clock at a time; `advance` moves it on by milliseconds. Given back after each test. */
export function stopClock(at: string | Date): { now: () => Date; advance: (ms: number) => void } {
  let time = new Date(at);
  const now = () => new Date(time);
  setClock(now);
  return {
    now,
    advance: (ms) => {
      time = new Date(time.getTime() + ms);
    },
  };
}
