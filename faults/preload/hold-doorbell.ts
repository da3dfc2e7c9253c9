// Loaded into a web process: from the n-th doorbell on it has committed and rings nobody, neither by a wake nor by a job.
// Once, as hold-before-post.ts.
import { existsSync, writeFileSync } from "node:fs";
import { Queue } from "bullmq";
import pg from "pg";

const WAKE = "wake-lanes";
const holdAt = Number(process.env["FAULTS_HOLD_AT"]);
const marker = process.env["FAULTS_MARKER"] ?? "";
const isWake = (asked: unknown) =>
  typeof asked === "object" && asked !== null && "name" in asked && asked.name === WAKE;

if (!existsSync(marker)) {
  let wakes = 0;
  const never = () => new Promise<never>(() => undefined);
  const query = Reflect.get(pg.Pool.prototype, "query") as (...args: unknown[]) => unknown;
  Reflect.set(pg.Pool.prototype, "query", function (this: pg.Pool, ...args: unknown[]) {
    if (!isWake(args[0])) return query.apply(this, args);
    wakes += 1;
    if (wakes < holdAt) return query.apply(this, args);
    if (wakes === holdAt) {
      writeFileSync(marker, "");
      process.send?.({ holds: true });
    }
    return never();
  });
  const addBulk = Reflect.get(Queue.prototype, "addBulk") as Queue["addBulk"];
  Queue.prototype.addBulk = function (...args) {
    return wakes < holdAt ? addBulk.apply(this, args) : never();
  };
}
