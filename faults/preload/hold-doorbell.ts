// Loaded into a web process: from the n-th doorbell on it has committed and rings nobody. Once, as hold-before-post.ts.
import { existsSync, writeFileSync } from "node:fs";
import { Queue } from "bullmq";

const holdAt = Number(process.env["FAULTS_HOLD_AT"]);
const marker = process.env["FAULTS_MARKER"] ?? "";

if (!existsSync(marker)) {
  let asked = 0;
  const addBulk = Reflect.get(Queue.prototype, "addBulk") as Queue["addBulk"];
  Queue.prototype.addBulk = function (...args) {
    asked += 1;
    if (asked < holdAt) return addBulk.apply(this, args);
    if (asked === holdAt) {
      writeFileSync(marker, "");
      process.send?.({ holds: true });
    }
    return new Promise(() => undefined);
  };
}
