// A worker's own figures can be read, and only by whom they are meant for.
import { expect, test } from "vitest";
import { freePort } from "../../server/postgres/secrets.ts";
import "../support/database.ts";
import { runNode } from "../support/run-node.ts";

test("a worker serves its attempts on WORKER_PORT, to whoever has the token", async () => {
  const port = await freePort();
  const token = "metrics-token-of-this-test";
  const env = { WORKER_PORT: String(port), METRICS_TOKEN: token, HOST: "127.0.0.1" };
  const worker = runNode(["app/worker/main.server.ts"], { env });
  const ask = (path: string, authorization = "") =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization } });
  await expect
    .poll(
      () =>
        ask("/metrics").then(
          (answer) => answer.status,
          () => 0,
        ),
      { timeout: 30_000 },
    )
    .toBe(401);
  const answer = await ask("/metrics", `Bearer ${token}`);
  expect(await answer.text()).toContain("laurel_attempt_seconds_bucket");
  expect((await ask("/other", `Bearer ${token}`)).status).toBe(404);
  expect(await worker.kill("SIGTERM")).toBe(0);
});
