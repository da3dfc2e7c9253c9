// Each documented snippet, run in its own language: it accepts what Laurel signed and refuses everything else.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { newSecret, signedHeaders, signingKey } from "../../app/webhooks/signature.server.ts";
import { SNIPPETS } from "../../app/webhooks/snippets.ts";
import { hasProgram } from "../support/needs.ts";

/** Reads [{ headers, body, secret }] from the file in the last argument; prints a JSON list of answers. */
type Driver = { program: string; file: string; code: string };
const DRIVERS: Record<string, Driver> = {
  node: {
    program: process.execPath,
    file: "verify.mjs",
    code: `import { readFileSync } from "node:fs";
const cases = JSON.parse(readFileSync(process.argv[2], "utf8"));
console.log(JSON.stringify(cases.map((c) => isFromLaurel(c.headers, Buffer.from(c.body), c.secret))));`,
  },
  python: {
    program: "python3",
    file: "verify.py",
    code: `import json, sys
cases = json.load(open(sys.argv[1], encoding="utf-8"))
print(json.dumps([is_from_laurel(c["headers"], c["body"].encode("utf-8"), c["secret"]) for c in cases]))`,
  },
  ruby: {
    program: "ruby",
    file: "verify.rb",
    code: `require "json"
cases = JSON.parse(File.read(ARGV[0], encoding: "utf-8"))
puts JSON.generate(cases.map { |c| from_laurel?(c["headers"], c["body"], c["secret"]) })`,
  },
  php: {
    program: "php",
    file: "verify.php",
    code: `$cases = json_decode(file_get_contents($argv[1]), true);
echo json_encode(array_map(fn($c) => is_from_laurel($c["headers"], $c["body"], $c["secret"]), $cases));`,
  },
};

const BODY = '{"event":"test","data":{"message":"Grüße 🌿"}}';
const AN_HOUR_MS = 3600_000;

function request(secret: string, at: Date): Record<string, string> {
  const keys = { current: signingKey(secret), next: null };
  const message = { id: "evt_1", type: "test", attempt: 1, body: Buffer.from(BODY), at };
  const headers = Object.entries(signedHeaders(keys, message));
  return Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
}

function cases() {
  const secret = newSecret();
  const headers = request(secret, new Date());
  const genuine = { headers, body: BODY, secret };
  const old = request(secret, new Date(Date.now() - AN_HOUR_MS));
  return [
    { why: "genuine", accepted: true, ...genuine },
    { why: "changed body", accepted: false, ...genuine, body: BODY.replace("test", "tent") },
    {
      why: "the new secret while it is rotated",
      accepted: true,
      ...genuine,
      headers: {
        ...headers,
        "x-webhook-signature": `sha256=${"0".repeat(64)}`,
        "x-webhook-signature-next": headers["x-webhook-signature"] ?? "",
      },
    },
    { why: "wrong secret", accepted: false, ...genuine, secret: newSecret() },
    { why: "old timestamp", accepted: false, ...genuine, headers: old },
    {
      why: "fresh timestamp under an old signature",
      accepted: false,
      ...genuine,
      headers: { ...old, "x-webhook-timestamp": new Date().toISOString() },
    },
    {
      why: "no timestamp that can be read",
      accepted: false,
      ...genuine,
      headers: { ...headers, "x-webhook-timestamp": "soon" },
    },
    { why: "no headers", accepted: false, ...genuine, headers: { "content-type": "application/json" } },
  ];
}

function run(driver: Driver, snippet: string, input: unknown): unknown {
  const folder = mkdtempSync(join(tmpdir(), "laurel-snippet-"));
  try {
    writeFileSync(join(folder, "cases.json"), JSON.stringify(input));
    writeFileSync(join(folder, driver.file), `${snippet}\n${driver.code}\n`);
    const args = [join(folder, driver.file), join(folder, "cases.json")];
    return JSON.parse(execFileSync(driver.program, args, { encoding: "utf8", timeout: 20_000 }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.each(SNIPPETS)("the $label snippet", ({ language, code }) => {
  const driver = DRIVERS[language];

  test("has a driver that runs it here", () => {
    expect(driver).toBeDefined();
  });

  test.skipIf(driver === undefined || (language !== "node" && !hasProgram(driver.program)))(
    "accepts a genuine request and refuses a changed, forged or old one",
    { timeout: 30_000 },
    () => {
      if (driver === undefined) return;
      const asked = cases();
      const answers = run(driver, code, asked) as boolean[];
      const said = asked.map(({ why }, i) => ({ why, accepted: answers[i] }));
      expect(said).toEqual(asked.map(({ why, accepted }) => ({ why, accepted })));
    },
  );
});
