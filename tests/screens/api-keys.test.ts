// What the screen of API keys says: what a key may do, its first request, how long ago it was used.
import { describe, expect, test } from "vitest";
import { agoInWords, AREAS, firstRequest, scopesInWords } from "../../app/components/api-keys/words.ts";
import { API_AREAS } from "../../app/shops/api-areas.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

test.each([
  [0, "just now"],
  [59_999, "just now"],
  [60_000, "1 minute ago"],
  [HOUR_MS - 1, "59 minutes ago"],
  [HOUR_MS, "1 hour ago"],
  [DAY_MS, "1 day ago"],
  [29 * DAY_MS, "29 days ago"],
  [60 * DAY_MS, "2 months ago"],
  [800 * DAY_MS, "2 years ago"],
])("%i ms are %s", (ms, words) => {
  expect(agoInWords(ms)).toBe(words);
});

describe("every area", () => {
  test.each(API_AREAS)("%s can be read, and has a first request", (area) => {
    expect(AREAS[area].allows.read).toMatch(/\.$/);
    const command = firstRequest("https://app.example/v1", "laurel_x", { [area]: "read" });
    expect(command).toBe(
      `curl -H "Authorization: Bearer laurel_x" https://app.example/v1${AREAS[area].firstRequest}`,
    );
  });
});

test("areas are named in the screen's order, closed ones not at all", () => {
  expect(scopesInWords({ webhooks: "full", customers: "read" })).toBe(
    "Customers: read · Webhooks: full access",
  );
});
