// Ids of our own rows: a prefix that says what it is, then a sortable ULID.
import { randomBytes } from "node:crypto";
import { now } from "./clock.server.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's base 32
const TIME_LENGTH = 10;
const CHANCE_LENGTH = 16;

export type IdPrefix =
  "mem" | "ent" | "lot" | "evt" | "whsub" | "dlv" | "tch" | "ntc" | "exp" | "key" | "rpl";

/** A new id, as `evt_01JD…`: 48 bits of milliseconds, then 80 bits of chance. Later ids sort later. */
export function newId(prefix: IdPrefix): string {
  let time = now().getTime();
  let head = "";
  for (let i = 0; i < TIME_LENGTH; i += 1) {
    head = ALPHABET.charAt(time % 32) + head;
    time = Math.floor(time / 32);
  }
  let tail = "";
  for (const byte of randomBytes(CHANCE_LENGTH)) tail += ALPHABET.charAt(byte & 31);
  return `${prefix}_${head}${tail}`;
}
