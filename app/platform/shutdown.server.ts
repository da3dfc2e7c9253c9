// What must be closed when the process ends, last opened first.
import { log } from "./log.server.ts";

const closers: { name: string; close: () => Promise<void> }[] = [];

/** Registers something to close when the process ends. */
export function onShutdown(name: string, close: () => Promise<void>): void {
  closers.push({ name, close });
}

/** Closes everything registered, last opened first; a failure is logged and the rest closed all the same. */
export async function shutdown(): Promise<void> {
  for (const { name, close } of closers.splice(0).reverse()) {
    try {
      await close();
    } catch (error) {
      log.warn("shutdown.failed", { name }, error);
    }
  }
}
