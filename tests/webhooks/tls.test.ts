// A certificate is verified for the name that the merchant entered, whatever address was checked and connected to.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { now } from "../../app/platform/clock.server.ts";
import { createSender } from "../../app/webhooks/send.server.ts";
import { hasProgram } from "../support/needs.ts";

const folder = mkdtempSync(join(tmpdir(), "laurel-tls-"));
const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
const key = ["-newkey", "rsa:2048", "-nodes"];

/** A certificate from our authority for `host`, valid from a day ago until `days` from now. */
function issue(name: string, host: string, days: number): void {
  openssl("req", ...key, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${host}`);
  writeFileSync(join(folder, `${name}.ext`), `subjectAltName=DNS:${host}\n`);
  const ca = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", `${name}.ext`];
  const at = (day: number) =>
    new Date(new Date().getTime() + day * 86_400_000).toISOString().replace(/[-:T]|\.\d+/g, "");
  const validity = ["-not_before", at(-30), "-not_after", at(days)];
  const signing = ["x509", "-req", "-in", `${name}.csr`, "-out", `${name}.pem`, ...ca];
  try {
    openssl(...signing, ...validity);
  } catch {
    // OpenSSL before 3.4 knows only whole days from now; negative ones make an expired certificate.
    openssl(...signing, "-days", String(days));
  }
}

const closers: (() => Promise<unknown>)[] = [];
beforeAll(() => {
  if (!hasProgram("openssl")) return;
  openssl(
    "req",
    "-x509",
    ...key,
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    "-subj",
    "/CN=Laurel test authority",
    "-days",
    "2",
  );
  issue("good", "localhost", 2);
  issue("other", "other.example.com", 2);
  issue("expired", "localhost", -1);
  openssl("req", "-x509", ...key, "-keyout", "self.key", "-out", "self.pem", "-subj", "/CN=localhost", "-addext",
    "subjectAltName=DNS:localhost", "-days", "2"); // prettier-ignore
});
afterAll(async () => {
  for (const close of closers) await close();
  rmSync(folder, { recursive: true, force: true });
});

async function sendTo(
  name: string,
  trusted = true,
  answer = (response: ServerResponse): unknown => response.end("ok"),
) {
  const file = (suffix: string) => readFileSync(join(folder, `${name}.${suffix}`));
  const heard: string[] = [];
  const server = createServer({ key: file("key"), cert: file("pem") }, (request, response) => {
    heard.push(request.headers.host ?? "");
    answer(response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const ca = trusted ? { ca: readFileSync(join(folder, "ca.pem"), "utf8") } : {};
  const sender = createSender({ deadlineMs: 3_000, loopbackHosts: ["localhost"], ...ca });
  closers.push(() => sender.close(), () => new Promise((done) => server.close(done))); // prettier-ignore
  const url = new URL(`https://localhost:${port}/hooks`);
  const result = await sender.send({ url, headers: {}, body: Buffer.from("{}"), at: now() });
  return { result, heard, host: url.host };
}

describe.skipIf(!hasProgram("openssl"))("over TLS", () => {
  test("a certificate for the name is trusted, and Host stays the name", async () => {
    const { result, heard, host } = await sendTo("good");
    expect(result).toMatchObject({ verdict: "delivered", status: 200 });
    expect(heard).toEqual([host]);
  });

  test.each([
    ["expired", "tls:expired"],
    ["self", "tls:self_signed"],
    ["other", "tls:wrong_host"],
  ])("one that is %s is refused as %s, and nothing is sent", async (name, error) => {
    const { result, heard } = await sendTo(name);
    expect(result).toMatchObject({ verdict: "retry", status: null, error });
    expect(heard).toEqual([]);
  });

  test("an answer that never ends is ended as it is without TLS, and the next one is read", async () => {
    const endless = (response: ServerResponse) => {
      const { socket } = response;
      socket?.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=");
      const more = () => {
        while (socket?.destroyed === false && socket.write("x".repeat(65_536)));
      };
      socket?.on("drain", more);
      more();
    };
    const { result } = await sendTo("good", true, endless);
    expect(result).toMatchObject({ verdict: "retry", error: "protocol" });
    expect(result.durationMs).toBeLessThan(1_500);
    const long = await sendTo("good", true, (response) => response.end("y".repeat(60_000)));
    expect(long.result).toMatchObject({ verdict: "delivered", status: 200 });
  });

  test("one of an unknown authority is refused", async () => {
    expect((await sendTo("good", false)).result.error).toBe("tls:self_signed");
  });
});
