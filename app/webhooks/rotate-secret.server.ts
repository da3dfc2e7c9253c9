// Rotates a subscription's secret: old and new sign together for a day, or until somebody says that it is done. An old one
// that cannot be opened signs nothing: the new one takes its place at once.
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { databaseNow, inShop } from "../platform/db.server.ts";
import type { ShopTx, Within } from "../platform/db.server.ts";
import { open, seal } from "../platform/secrets.server.ts";
import { subscriptionToChange } from "./may-change.server.ts";
import { secretBinding } from "./prepare.server.ts";
import { newSecret } from "./signature.server.ts";

export const OVERLAP_HOURS = 24;

/** `secret` is shown now and never again; both secrets sign until `endsAt` (the database's clock): now, where only it does. */
export type Rotation = { secret: string; endsAt: Date };

/** Starts a rotation, or replaces a secret that cannot be opened. Refuses while one is under way: two secrets at the most. */
export async function rotateSecret(within: Within, id: string): Promise<Result<Rotation>> {
  return inShop(within, async (tx): Promise<Result<Rotation>> => {
    const { shopId } = tx;
    const found = await subscriptionToChange(tx, id, null);
    if (!found.ok) return found;
    if (found.value.rotating) return refuse("rotation_under_way");
    const secret = newSecret();
    const binding = secretBinding(shopId, id);
    const sealed = seal(secret, binding);
    const signsOn = open(found.value.secret, binding) !== null;
    return accept({ secret, endsAt: await (signsOn ? signBeside : signAlone)(tx, id, sealed) });
  });
}

/** Both sign for a day. */
async function signBeside(tx: ShopTx, id: string, sealed: string): Promise<Date> {
  const at = await databaseNow(tx);
  const [row] = await tx.db.$queryRaw<{ endsAt: Date }[]>`
    UPDATE subscription SET next_secret = ${sealed}, revision = revision + 1, updated_at = ${at}, sent_as_since = ${at},
           rotation_ends_at = now() + ${OVERLAP_HOURS}::int * interval '1 hour'
     WHERE shop_id = ${tx.shopId} AND subscription_id = ${id} RETURNING rotation_ends_at AS "endsAt"`;
  if (row === undefined) throw new Error("the subscription vanished under its lock");
  return row.endsAt;
}

/** Only this one signs, from now on. */
async function signAlone(tx: ShopTx, id: string, sealed: string): Promise<Date> {
  const at = await databaseNow(tx);
  await tx.db.subscription.update({
    where: { id, shopId: tx.shopId },
    data: {
      secret: sealed,
      nextSecret: null,
      rotationEndsAt: null,
      revision: { increment: 1 },
      updatedAt: at,
      sentAsSince: at,
    },
  });
  return at;
}

/** "Finish now": from here on only the new secret signs. */
export const finishRotation = (within: Within, id: string) => endRotation(within, id, "next");

/** Cancels: the new secret is forgotten, the old one goes on alone. */
export const cancelRotation = (within: Within, id: string) => endRotation(within, id, "current");

async function endRotation(
  within: Within,
  id: string,
  keep: "current" | "next",
): Promise<Result<{ revision: number }>> {
  return inShop(within, async (tx): Promise<Result<{ revision: number }>> => {
    const found = await subscriptionToChange(tx, id, null);
    if (!found.ok) return found;
    const { secret, nextSecret, revision } = found.value;
    if (nextSecret === null) return refuse("rotation_not_under_way");
    await signAlone(tx, id, keep === "next" ? nextSecret : secret);
    return accept({ revision: revision + 1 });
  });
}
