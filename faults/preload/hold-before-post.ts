// Loaded into a worker: its n-th request and all after it are claimed and signed, and never leave. Once: whoever is
// started after the kill sends.
import { existsSync, writeFileSync } from "node:fs";
import { Client } from "undici";

const holdAt = Number(process.env["FAULTS_HOLD_AT"]);
const marker = process.env["FAULTS_MARKER"] ?? "";

if (!existsSync(marker)) {
  let asked = 0;
  const send = Object.getOwnPropertyDescriptor(Client.prototype, "dispatch")?.value as unknown;
  const dispatch = (
    typeof send === "function" ? send : Reflect.get(Client.prototype, "dispatch")
  ) as Client["dispatch"];
  Client.prototype.dispatch = function (...args) {
    asked += 1;
    if (asked < holdAt) return dispatch.apply(this, args);
    if (asked === holdAt) {
      writeFileSync(marker, "");
      process.send?.({ holds: true });
    }
    return true;
  };
}
