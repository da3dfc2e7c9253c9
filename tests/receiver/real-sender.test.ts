// What Laurel's real sender puts on the wire is verified by its own receiver, by standardwebhooks and by svix.
import { verify } from "laurel-loyalty/receiver";
import { Webhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { expect, test } from "vitest";
import { rotateSecret } from "../../app/webhooks/rotate-secret.server.ts";
import { newSecret } from "../../app/webhooks/signature.server.ts";
import "../support/database.ts";
import { startReceiver } from "../support/receiver.ts";
import { growthShop, owe, startEngine, subscribe } from "../webhooks/shop-with-endpoint.ts";

test("before and during a rotation, with the old secret and with the new one", async () => {
  const receiver = await startReceiver();
  const engine = startEngine();
  try {
    const shop = await growthShop();
    const { id, secret } = await subscribe(shop, receiver.url);
    await owe(shop, 3);
    await receiver.waitFor(3);
    const rotation = await rotateSecret(shop, id);
    const next = rotation.ok ? rotation.value.secret : "";
    await owe(shop, 3);
    const requests = await receiver.waitFor(6);
    for (const [i, { headers, body, json }] of requests.entries()) {
      for (const held of i < 3 ? [secret] : [secret, next]) {
        expect(await verify({ headers, body }, held)).toEqual({ ok: true, event: json() });
        expect(() => new Webhook(held).verify(body, headers as Record<string, string>)).not.toThrow();
        expect(() => new SvixWebhook(held).verify(body, headers as Record<string, string>)).not.toThrow();
      }
      const other = await verify({ headers, body }, newSecret());
      expect(other).toEqual({ ok: false, refusal: "bad_signature" });
    }
  } finally {
    await engine.stop();
    await receiver.close();
  }
});
