// A worker whose connection is made but may not listen: that connection is ended, and another one hears.
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { hearWakes, wakeLanes } from "../../app/platform/wake.server.ts";
import { testDatabase } from "../support/database.ts";

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** PostgreSQL's answer to a statement that it refuses: an error, then ready for the next. */
const REFUSAL = (() => {
  const fields = Buffer.from("SERROR\0C53300\0Mnot now\0\0");
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields, Buffer.from([0x5a, 0, 0, 0, 5, 0x49])]);
})();

/** In front of PostgreSQL: refuses the first so many LISTENs itself, and passes on everything else. */
async function refusing(times: number) {
  const { hostname, port } = new URL(testDatabase().url);
  const open = new Set<Socket>();
  let refused = 0;
  const server = createServer((socket) => {
    const behind = connect(Number(port), hostname);
    open.add(socket);
    const end = () => {
      open.delete(socket);
      socket.destroy();
      behind.destroy();
    };
    socket.on("close", end).on("error", end);
    behind.on("close", end).on("error", end);
    behind.on("data", (bytes) => socket.write(bytes));
    socket.on("data", (bytes) => {
      const isListen = bytes.includes("LISTEN") && refused < times;
      refused += Number(isListen);
      if (isListen) socket.write(REFUSAL);
      else behind.write(bytes);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  stops.push(() => {
    for (const socket of open) socket.destroy();
    return new Promise((closed) => server.close(closed));
  });
  const url = new URL(testDatabase().url);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: url.href, open, refused: () => refused };
}

test("what cannot listen leaves no connection behind", async () => {
  const proxy = await refusing(3);
  // Read at the first use of the environment, which is below.
  process.env["DATABASE_URL"] = proxy.url;
  const heard = new Set<string>();
  stops.push(hearWakes((id) => heard.add(id)).stop);
  await expect.poll(() => proxy.refused(), { timeout: 30_000 }).toBe(3);
  await expect
    .poll(
      async () => {
        await wakeLanes(["whsub_late"]);
        return [...heard];
      },
      { timeout: 30_000 },
    )
    .toEqual(["whsub_late"]);
  // One that listens, and one that was used to wake.
  expect(proxy.open.size).toBe(2);
});
