// Each test file has a database of its own, owned by a role that row-level security binds.
import { expect, test } from "vitest";
import { databaseAnswers, prisma } from "../../app/platform/db.server.ts";
import { addJob, openWorker } from "../../app/platform/queue.server.ts";
import { backEnd, testDatabase } from "../support/both-queues.ts";

test("a test file has a database of its own, and its role is no superuser and bypasses nothing", async () => {
  const [row] = await testDatabase().query<{ database: string; super: boolean; bypass: boolean }>(
    `SELECT current_database() AS database, rolsuper AS super, rolbypassrls AS bypass
       FROM pg_roles WHERE rolname = current_user`,
  );
  expect(row?.database).toMatch(/^t_[0-9a-f]{16}$/);
  expect(row).toMatchObject({ super: false, bypass: false });
});

test("a file that imports both-queues runs on the back end that its project names", ({ task }) => {
  expect(backEnd()).toBe(task.file.projectName === "redis" ? "redis" : "postgres");
});

test("BullMQ's tables come with the template", async () => {
  const rows = await testDatabase().query(
    "SELECT FROM information_schema.tables WHERE table_schema = 'bullmq'",
  );
  expect(rows.length).toBeGreaterThan(5);
});

test("the app's own database module speaks to this file's database", async () => {
  expect(await databaseAnswers()).toBe(true);
  const [row] = await prisma().$queryRaw<{ database: string }[]>`SELECT current_database()::text AS database`;
  expect(testDatabase().url.endsWith(`/${row?.database ?? ""}`)).toBe(true);
});

test("a queue job goes from one end to the other", async () => {
  let ring: (name: string) => void = () => undefined;
  const heard = new Promise<string>((resolve) => (ring = resolve));
  const worker = openWorker("chores", async (job) => Promise.resolve(ring(job.name)), { concurrency: 1 });
  await addJob("policy", { shopId: "nobody.myshopify.com" });
  expect(await heard).toBe("policy");
  await worker.close();
});
