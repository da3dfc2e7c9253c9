// Chooses the account that PostgreSQL runs under: it refuses root, and it must reach its programs and its data.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Binaries } from "./binaries.ts";

/** `self` as we are; `mapped` as root that a user namespace shows as another; `nobody` as that user. */
export type Account =
  { kind: "self" } | { kind: "mapped"; uid: number } | { kind: "nobody"; uid: number; gid: number };

export type Command = { file: string; args: string[]; ids: { uid?: number; gid?: number } };

const PROBE_TIMEOUT_MS = 10_000;

/** A program and its arguments as they are to be spawned for an account. */
export function commandAs(account: Account, file: string, args: string[]): Command {
  switch (account.kind) {
    case "self":
      return { file, args, ids: {} };
    case "mapped": {
      const id = String(account.uid);
      // Only the server sees another number: to the kernel it is still the caller, whose files these are.
      return {
        file: "unshare",
        args: ["--user", `--map-user=${id}`, `--map-group=${id}`, file, ...args],
        ids: {},
      };
    }
    case "nobody":
      return { file, args, ids: { uid: account.uid, gid: account.gid } };
  }
}

/** The accounts to try on this machine, the plainest first. */
export function accountsToTry(): Account[] {
  const uid = process.getuid?.();
  if (uid === undefined) return [{ kind: "self" }];
  const users = readUsers();
  const tries: Account[] = [];
  // initdb wants its user to have a name; in a container started with a bare number it has none.
  if (uid !== 0) tries.push({ kind: "self" });
  const named = users.find((user) => user.uid > 0);
  if (process.platform === "linux" && named) tries.push({ kind: "mapped", uid: named.uid });
  const nobody = users.find((user) => user.name === "nobody");
  if (uid === 0 && nobody) tries.push({ kind: "nobody", uid: nobody.uid, gid: nobody.gid });
  return tries;
}

/** Whether an account can write in the folder and run the programs there. */
export function canRun(account: Account, binaries: Binaries, folder: string): boolean {
  const script = 'test -w "$0" && "$1" --version && exec "$2" --version';
  const { file, args, ids } = commandAs(account, "/bin/sh", [
    "-c",
    script,
    folder,
    binaries.initdb,
    binaries.postgres,
  ]);
  const { status } = spawnSync(file, args, { ...ids, cwd: "/", stdio: "ignore", timeout: PROBE_TIMEOUT_MS });
  return status === 0 && (account.kind !== "self" || hasName());
}

function hasName(): boolean {
  if (process.platform !== "linux") return true;
  return readUsers().some((user) => user.uid === process.getuid?.());
}

function readUsers(): { name: string; uid: number; gid: number }[] {
  try {
    return readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .map((line) => line.split(":"))
      .filter((parts) => parts.length > 3)
      .map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
  } catch {
    return [];
  }
}
