// What the documents say is what the code does: generated files are current, test vectors are what Laurel signs.
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { expect, test } from "vitest";
import { signedHeaders, signingKey } from "../../app/webhooks/signature.server.ts";
import { documents, vectors } from "../../scripts/documents.ts";

test.each(documents().map((document) => ({ name: relative(".", document.file), ...document })))(
  "$name is what `npm run docs` writes",
  ({ file, text }) => {
    expect(readFileSync(file, "utf8")).toBe(text);
  },
);

test("there are test vectors, one of them of a rotation", () => {
  expect(vectors().some((vector) => vector.next_secret !== undefined)).toBe(true);
  expect(vectors().length).toBeGreaterThanOrEqual(4);
});

test.each(vectors())("$name: Laurel signs the test vector as it is documented", (vector) => {
  const headers = signedHeaders(
    {
      current: signingKey(vector.secret),
      next: vector.next_secret === undefined ? null : signingKey(vector.next_secret),
    },
    {
      id: vector.id,
      type: "test",
      attempt: 1,
      body: Buffer.from(vector.body, "utf8"),
      at: new Date(vector.timestamp),
    },
  );
  expect(headers["X-Webhook-Signature-Next"]).toBe(vector["x-webhook-signature-next"]);
  expect(headers).toMatchObject({
    "X-Webhook-Timestamp": vector.timestamp,
    "X-Webhook-Signature": vector["x-webhook-signature"],
    "webhook-id": vector.id,
    "webhook-timestamp": String(vector.seconds),
    "webhook-signature": vector["webhook-signature"],
  });
});
