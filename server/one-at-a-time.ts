// A piece of work that only one process of this checkout does at a time; the others wait, then look again.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "./postgres/cluster.ts";

const POLL_MS = 100;
const WAIT_MS = 180_000;

/** Runs `work` while holding `lock`, a file. What a killed process holds is taken over. Throws after three minutes. */
export async function oneAtATime<T>(lock: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(lock), { recursive: true });
  const deadline = performance.now() + WAIT_MS;
  while (!take(lock)) {
    if (performance.now() > deadline)
      throw new Error(`Another process holds ${lock} for too long; end it or delete the file.`);
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    const holder = holderOf(lock);
    if (holder !== undefined && !isAlive(holder)) rmSync(lock, { force: true });
    return false;
  }
}

function holderOf(lock: string): number | undefined {
  try {
    return Number(readFileSync(lock, "utf8")) || undefined;
  } catch {
    return undefined;
  }
}
