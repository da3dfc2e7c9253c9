// Which addresses, URLs and headers a merchant may enter.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkCustomHeaders } from "../../app/webhooks/custom-headers.ts";
import { checkEndpointUrl } from "../../app/webhooks/endpoint-url.ts";
import { isPublicAddress } from "../../app/webhooks/public-address.ts";

const NOT_PUBLIC = [
  "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254",
  "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.88.99.1",
  "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
  "240.0.0.1", "255.255.255.255", "::", "::1", "[::1]", "::7f00:1", "::127.0.0.1", "::ffff:127.0.0.1",
  "::ffff:7f00:1", "::ffff:8.8.8.8", "::ffff:0:8.8.8.8", "::5efe:7f00:1", "64:ff9b::8.8.8.8", "64:ff9b::7f00:1",
  "64:ff9b:1::1", "100::1", "100:0:0:1::1", "2001::1", "2001:0:4136:e378::1", "2001:2::1", "2001:10::1",
  "2001:20::1", "2001:1ff:ffff::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1", "3fff:fff::1",
  "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "4000::1", "",
  "localhost", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "::g", "1::2::3", "1:2:3:4:5:6:7", "fe80::1%eth0",
]; // prettier-ignore
const PUBLIC = [
  "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1", "126.255.255.255", "128.0.0.1",
  "169.253.255.255", "169.255.0.1", "172.15.255.255", "172.32.0.1", "192.31.196.1", "192.52.193.1", "192.167.255.255",
  "192.169.0.1", "198.17.255.255", "198.20.0.1", "223.255.255.255", "2001:200::1", "2001:4860:4860::8888",
  "2606:4700:4700::1111", "2003::1", "2620:4f:8000::1", "3ffe::1", "3fff:1000::1", "[2606:4700::1]",
]; // prettier-ignore

describe("an address", () => {
  test.each(NOT_PUBLIC)("%s is not public", (address) => expect(isPublicAddress(address)).toBe(false));
  test.each(PUBLIC)("%s is public", (address) => expect(isPublicAddress(address)).toBe(true));

  test("mapped into IPv6 is never public, whatever it is", () => {
    fc.assert(
      fc.property(fc.ipV4(), (v4) => !isPublicAddress(`::ffff:${v4}`) && !isPublicAddress(`::${v4}`)),
    );
  });
});

describe("an endpoint's URL", () => {
  test.each([
    ["https://example.com/hooks?a=1#frag", "https://example.com/hooks?a=1"],
    ["  https://example.com:8443/x ", "https://example.com:8443/x"],
    ["https://example.com:443/x", "https://example.com/x"],
    ["HTTPS://Example.COM", "https://example.com/"],
    ["https://bücher.example/", "https://xn--bcher-kva.example/"],
    ["https://8.8.8.8/x", "https://8.8.8.8/x"],
    ["https://[2606:4700::1]/x", "https://[2606:4700::1]/x"],
  ])("%s is taken as %s", (text, url) => expect(checkEndpointUrl(text)).toEqual({ ok: true, value: url }));

  test.each([
    ["", "url_malformed"],
    ["example.com", "url_malformed"],
    ["https://", "url_malformed"],
    ["http://example.com", "url_not_https"],
    ["ftp://example.com", "url_not_https"],
    ["javascript:alert(1)", "url_not_https"],
    ["https://example.com:80/", "url_port_refused"],
    ["https://example.com:6379/", "url_port_refused"],
    ["https://user@example.com/", "url_has_credentials"],
    ["https://user:pass@example.com/", "url_has_credentials"],
    ["https://example.com./", "url_host_refused"],
    ["https://intranet/", "url_host_refused"],
    ["https://localhost/", "url_host_refused"],
    ["https://a.localhost/", "url_host_refused"],
    ["https://printer.local/", "url_host_refused"],
    ["https://metadata.google.internal/", "url_host_refused"],
    ["https://router.home.arpa/", "url_host_refused"],
    ["https://abc.onion/", "url_host_refused"],
    ["https://127.0.0.1/", "url_host_refused"],
    ["https://[::1]/", "url_host_refused"],
    ["https://[::ffff:127.0.0.1]/", "url_host_refused"],
    [`https://example.com/${"a".repeat(2048)}`, "url_too_long"],
  ])("%s is refused: %s", (text, refusal) =>
    expect(checkEndpointUrl(text)).toMatchObject({ ok: false, refusal, field: "url" }),
  );

  test.each([
    "2130706433", "0x7f000001", "0x7f.1", "127.1", "0177.0.0.1", "①②⑦.0.0.1", "127。0。0。1", "%31%32%37.0.0.1",
  ])("spells loopback as %s, and is refused", (host) => {
    expect(checkEndpointUrl(`https://${host}/`)).toMatchObject({ ok: false, refusal: "url_host_refused" });
  }); // prettier-ignore

  test("on a host of the development switch may be plain http on any port", () => {
    expect(checkEndpointUrl("http://127.0.0.1:4321/x", ["127.0.0.1"]).ok).toBe(true);
    expect(checkEndpointUrl("http://localhost:4321/x", ["127.0.0.1"]).ok).toBe(false);
  });
});

describe("custom headers", () => {
  test("are taken as written", () => {
    expect(checkCustomHeaders([["X-Team", " blue "], ["Authorization", "Bearer abc"]])).toEqual({
      ok: true,
      value: { "X-Team": "blue", Authorization: "Bearer abc" },
    }); // prettier-ignore
  });

  test.each([
    [[["X-A", "one\r\nX-B: two"]], "header_value_invalid"],
    [[["X-A", "a\0b"]], "header_value_invalid"],
    [[["X-A", "naïve"]], "header_value_invalid"],
    [[["X-A", ""]], "header_value_invalid"],
    [[["X-A", "a".repeat(1025)]], "header_value_invalid"],
    [[["X A", "b"]], "header_name_invalid"],
    [[["X-A\r\n", "b"], ["X-\nB", "c"]], "header_name_invalid"],
    [[["", "b"]], "header_name_invalid"],
    [[["Host", "b"]], "header_name_reserved"],
    [[["content-type", "b"]], "header_name_reserved"],
    [[["Transfer-Encoding", "chunked"]], "header_name_reserved"],
    [[["X-Webhook-Signature", "b"]], "header_name_reserved"],
    [[["Webhook-Id", "b"]], "header_name_reserved"],
    [[["User-Agent", "b"]], "header_name_reserved"],
    [[["Proxy-Authorization", "b"]], "header_name_reserved"],
    [[["X-A", "1"], ["x-a", "2"]], "header_name_twice"],
    [Array.from({ length: 11 }, (_, i) => [`X-${i}`, "v"]), "headers_too_many"],
  ] as [[string, string][], string][])("%j are refused: %s", (pairs, refusal) => {
    expect(checkCustomHeaders(pairs)).toMatchObject({ ok: false, refusal });
  }); // prettier-ignore

  test("named as something of JavaScript's own change nothing but themselves", () => {
    const checked = checkCustomHeaders([["__proto__", "x"]]);
    expect(checked.ok && Object.keys(checked.value)).toEqual(["__proto__"]);
  });
});
