// Money and rates without floats.
import fc from "fast-check";
import { expect, test } from "vitest";
import { digitsOf, gid, gidFrom, shopHandle, shopIdFrom } from "../../app/loyalty/ids.ts";
import { decimalFrom, minorFrom } from "../../app/loyalty/money.ts";
import { decimalText, floor, plus, rationalFrom } from "../../app/loyalty/rational.ts";

test.each([
  ["12.345", "USD", 1234n],
  ["7000", "JPY", 7000n],
  ["7000.99", "JPY", 7000n],
  ["12.750", "KWD", 12750n],
  ["1.23456", "CLF", 12345n],
  ["-10.005", "USD", -1000n],
  ["70.0", "USD", 7000n],
  ["1e2", "USD", 10000n],
  ["5E-1", "USD", 50n],
])("%s %s is %s minor units", (decimal, currency, minor) => {
  expect(minorFrom(decimal, currency)).toBe(minor);
});

test.each(["", " ", "abc", "1.2.3", "NaN", "Infinity", "1e99999", "--1", "1_000", "9".repeat(60)])(
  "%j is no amount",
  (text) => {
    expect(minorFrom(text, "USD")).toBeNull();
  },
);

test("minor units come back as the same decimal in every currency", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }),
      fc.constantFrom("USD", "JPY", "KWD", "CLF"),
      (minor, currency) => {
        expect(minorFrom(decimalFrom(minor, currency), currency)).toBe(minor);
      },
    ),
  );
});

test("a tenth and two tenths are three tenths", () => {
  const sum = plus(rationalFrom("0.1") ?? { n: 0n, d: 1n }, rationalFrom("0.2") ?? { n: 0n, d: 1n });
  expect(decimalText(sum)).toBe("0.3");
});

test("rounding down goes down below zero too", () => {
  expect(floor({ n: -1n, d: 2n })).toBe(-1n);
  expect(floor({ n: 3n, d: 2n })).toBe(1n);
});

test("ids beyond what a float can hold keep their digits", () => {
  expect(gid("Order", "820982911946154508")).toBe("gid://shopify/Order/820982911946154508");
  expect(gidFrom("Order", "gid://shopify/Order/820982911946154508?key=1")).toBe(
    "gid://shopify/Order/820982911946154508",
  );
  expect(gidFrom("Order", "gid://shopify/Customer/1")).toBeNull();
  expect(gid("Order", "8.2e17")).toBeNull();
  expect(digitsOf("gid://shopify/Order/5123")).toBe("5123");
});

test("a shop is its permanent domain", () => {
  expect(shopIdFrom(" Laurel-Demo.myshopify.com ")).toBe("laurel-demo.myshopify.com");
  expect(shopIdFrom("laurel.example.com")).toBeNull();
  const shop = shopIdFrom("laurel-demo.myshopify.com");
  expect(shop && shopHandle(shop)).toBe("laurel-demo");
});
