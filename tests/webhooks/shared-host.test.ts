// Many shops whose endpoints are one host: what hangs for some of them is not waited for by the others.
import { afterEach, expect, test } from "vitest";
import { now } from "../../app/platform/clock.server.ts";
import { createSender } from "../../app/webhooks/send.server.ts";
import { startReceiver } from "../support/receiver.ts";

const DEADLINE_MS = 60_000;
const HANGING = 300;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

test("three hundred requests that hang leave the next one its connection", async () => {
  const receiver = await startReceiver();
  const sender = createSender({ deadlineMs: DEADLINE_MS, loopbackHosts: ["127.0.0.1"] });
  closers.push(
    () => sender.close(),
    () => receiver.close(),
  );
  const to = (path: string) => ({
    url: new URL(path, receiver.url),
    headers: {},
    body: Buffer.from("{}"),
    at: now(),
  });
  receiver.usualAnswer(({ path }, response) => {
    if (path === "/healthy") response.end("ok");
  });
  const hanging = Array.from({ length: HANGING }, (_, i) => sender.send(to(`/hanging/${i}`)));
  await receiver.waitFor(HANGING);
  expect(await sender.send(to("/healthy"))).toMatchObject({ verdict: "delivered" });
  expect(receiver.received).toHaveLength(HANGING + 1);
  await receiver.close();
  await Promise.all(hanging);
});
