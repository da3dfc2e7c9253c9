// What comes from outside and looks harmless: text that cannot be stored, and cursors that somebody made up.
import { expect, test } from "vitest";
import { readJson } from "../../app/admin/read-json.server.ts";
import { isTime, readCursor } from "../../app/platform/pages.ts";
import { holdsNul, isStorable } from "../../app/platform/storable.ts";

test.each([
  ["plain", true],
  ["🙂 ä \n \\u0000 as six characters", true],
  ["\\\\ud800 behind two backslashes", true],
  ["a\0b", false],
  ["half \ud83d", false],
  ["\\\0", false],
  [{ deep: ["x", { name: "\udc00" }] }, false],
  [{ "key\0": 1 }, false],
  [null, true],
  [undefined, true],
])("%j can be stored: %s", (value, storable) => {
  expect(isStorable(value)).toBe(storable);
});

test("a NUL is seen in a path and in a query", () => {
  expect(["/a%00", "/a?q=%00", "/a?q=%2500"].map(holdsNul)).toEqual([true, true, false]);
});

test.each([
  ["2026-11-21T10:00:00.000Z", true],
  ["2026-02-30T10:00:00.000Z", false],
  ["0000-01-01T00:00:00.000Z", false],
  ["-271821-04-20T00:00:00.000Z", false],
  ["2026-11-21", false],
  ["1e3", false],
])("%s is a time of a cursor: %s", (text, is) => {
  expect(isTime(text)).toBe(is);
});

test("a cursor with text that cannot be stored is none", () => {
  const cursor = (parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString("base64url");
  expect(readCursor(cursor(["a", "b", false]), 2)).toEqual({ key: ["a", "b"], back: false });
  expect(readCursor(cursor(["a\0", "b", false]), 2)).toBeNull();
});

test.each([
  ['{"a":[1]}', { a: [1] }],
  ["{", null],
  ['"a\\u0000"', null],
  ["[".repeat(30_000) + "]".repeat(30_000), null],
])("a screen's body is read, or is none", async (body, value) => {
  expect(await readJson(new Request("http://localhost", { method: "POST", body }))).toEqual(value);
});
