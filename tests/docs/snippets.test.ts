// Each documented snippet, run in its own language: it accepts what Laurel signed and refuses everything else.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { newSecret, signedHeaders, signingKey } from "../../app/webhooks/signature.server.ts";
import { SNIPPETS } from "../../app/webhooks/snippets.ts";
import { hasProgram } from "../support/needs.ts";

/**
 * Reads [{ headers, body, secret }] from the file in the last argument; prints a JSON list of answers. `before` says where
 * in the snippet its code goes, when not behind it; `beside`, that it is a file of its own.
 */
type Driver = {
  program: string;
  file: string;
  code: string;
  args?: string[];
  before?: string;
  beside?: string;
  needs?: string;
};
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
  go: {
    program: "go",
    args: ["run"],
    file: "verify.go",
    beside: "drive.go",
    code: `package main

import (
	"encoding/json"
	"net/http"
	"os"
)

func main() {
	var cases []struct {
		Headers map[string]string
		Body    string
		Secret  string
	}
	text, _ := os.ReadFile(os.Args[1])
	if err := json.Unmarshal(text, &cases); err != nil {
		panic(err)
	}
	answers := []bool{}
	for _, c := range cases {
		header := http.Header{}
		for name, value := range c.Headers {
			header.Set(name, value)
		}
		answers = append(answers, isFromLaurel(header, []byte(c.Body), c.Secret))
	}
	json.NewEncoder(os.Stdout).Encode(answers)
}`,
  },
  java: {
    program: "java",
    // A runtime alone does not compile.
    needs: "javac",
    file: "Verify.java",
    before: "final class Laurel",
    // Java brings no JSON: a case is a line of base64 (see `asLines`). The class that starts must come first.
    code: `final class Verify {
    public static void main(String[] args) throws Exception {
        var answers = new java.util.ArrayList<Boolean>();
        for (String line : java.nio.file.Files.readAllLines(java.nio.file.Path.of(args[0] + ".lines"))) {
            var words = new java.util.ArrayList<String>();
            for (String word : line.split(" ", -1)) words.add(new String(java.util.Base64.getDecoder().decode(word), UTF_8));
            var headers = new java.util.HashMap<String, String>();
            for (int i = 2; i < words.size(); i += 2) headers.put(words.get(i), words.get(i + 1));
            answers.add(Laurel.isFromLaurel(headers, words.get(1).getBytes(UTF_8), words.get(0)));
        }
        System.out.println(answers);
    }
}
`,
  },
  csharp: {
    // From .NET 10 on a single file can be run.
    program: "dotnet",
    args: ["run"],
    file: "verify.cs",
    before: "static class Laurel",
    code: `var answers = new List<string>();
foreach (var one in System.Text.Json.JsonDocument.Parse(File.ReadAllText(args[0])).RootElement.EnumerateArray())
{
    var headers = one.GetProperty("headers").EnumerateObject().ToDictionary(h => h.Name, h => h.Value.GetString() ?? "");
    var body = Encoding.UTF8.GetBytes(one.GetProperty("body").GetString() ?? "");
    answers.Add(Laurel.IsFromLaurel(headers, body, one.GetProperty("secret").GetString() ?? "") ? "true" : "false");
}
Console.WriteLine("[" + string.Join(",", answers) + "]");
`,
  },
};

const BODY = '{"event":"test","data":{"message":"Grüße 🌿"}}';
const AN_HOUR_MS = 3600_000;
// Compilers take their time on a busy machine.
const RUN_MS = 60_000;

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
    {
      why: "a timestamp without a zone",
      accepted: false,
      ...genuine,
      headers: { ...headers, "x-webhook-timestamp": new Date().toISOString().replace("Z", "") },
    },
    {
      why: "a signature as long, of other letters",
      accepted: false,
      ...genuine,
      headers: { ...headers, "x-webhook-signature": `sha256=${"0".repeat(63)}é` },
    },
    { why: "no headers", accepted: false, ...genuine, headers: { "content-type": "application/json" } },
  ];
}

type Case = { headers: Record<string, string>; body: string; secret: string };

const asLines = (cases: readonly Case[]) =>
  cases
    .map(({ headers, body, secret }) => [secret, body, ...Object.entries(headers).flat()])
    .map((words) => words.map((word) => Buffer.from(word).toString("base64")).join(" "))
    .join("\n");

function sources({ file, code, before, beside }: Driver, snippet: string): Record<string, string> {
  if (beside !== undefined) return { [file]: snippet, [beside]: code };
  if (before === undefined) return { [file]: `${snippet}\n${code}\n` };
  expect(snippet).toContain(before);
  return { [file]: snippet.replace(before, () => `${code}\n${before}`) };
}

function run(driver: Driver, snippet: string, input: readonly Case[]): unknown {
  const folder = mkdtempSync(join(tmpdir(), "laurel-snippet-"));
  const at = (name: string) => join(folder, name);
  try {
    writeFileSync(at("cases.json"), JSON.stringify(input));
    writeFileSync(at("cases.json.lines"), asLines(input));
    const files = Object.entries(sources(driver, snippet));
    for (const [name, text] of files) writeFileSync(at(name), text);
    const args = [...(driver.args ?? []), ...files.map(([name]) => at(name)), at("cases.json")];
    return JSON.parse(execFileSync(driver.program, args, { encoding: "utf8", timeout: RUN_MS }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.each(SNIPPETS)("the $label snippet", ({ language, code }) => {
  const driver = DRIVERS[language];

  test("has a driver that runs it here", () => {
    expect(driver).toBeDefined();
  });

  test.skipIf(driver === undefined || (language !== "node" && !hasProgram(driver.needs ?? driver.program)))(
    "accepts a genuine request and refuses a changed, forged or old one",
    { timeout: RUN_MS * 1.5 },
    () => {
      if (driver === undefined) return;
      const asked = cases();
      const answers = run(driver, code, asked) as boolean[];
      const said = asked.map(({ why }, i) => ({ why, accepted: answers[i] }));
      expect(said).toEqual(asked.map(({ why, accepted }) => ({ why, accepted })));
    },
  );
});
