// Rotates a subscription's secret: old and new sign together for a day, or until somebody says that it is done.
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { databaseNow, inShop } from "../platform/db.server.ts";
import type { Within } from "../platform/db.server.ts";
import { seal } from "../platform/secrets.server.ts";
import { subscriptionToChange } from "./may-change.server.ts";
import { secretBinding } from "./prepare.server.ts";
import { newSecret } from "./signature.server.ts";

export const OVERLAP_HOURS = 24;

/** `secret` is shown now and never again; both secrets sign until `endsAt` (the database's clock). */
export type Rotation = { secret: string; endsAt: Date };

/** Starts a rotation. Refuses while one is under way: two secrets at the most. */
export async function rotateSecret(within: Within, id: string): Promise<Result<Rotation>> {
  return inShop(within, async (tx): Promise<Result<Rotation>> => {
    const { shopId } = tx;
    const found = await subscriptionToChange(tx, id, null);
    if (!found.ok) return found;
    if (found.value.rotating) return refuse("rotation_under_way");
    const secret = newSecret();
    const sealed = seal(secret, secretBinding(shopId, id));
    const at = await databaseNow(tx);
    const [row] = await tx.db.$queryRaw<{ endsAt: Date }[]>`
      UPDATE subscription SET next_secret = ${sealed}, revision = revision + 1, updated_at = ${at}, sent_as_since = ${at},
             rotation_ends_at = now() + ${OVERLAP_HOURS}::int * interval '1 hour'
       WHERE shop_id = ${shopId} AND subscription_id = ${id} RETURNING rotation_ends_at AS "endsAt"`;
    if (row === undefined) throw new Error("the subscription vanished under its lock");
    return accept({ secret, endsAt: row.endsAt });
  });
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
    const at = await databaseNow(tx);
    await tx.db.subscription.update({
      where: { id, shopId: tx.shopId },
      data: {
        secret: keep === "next" ? nextSecret : secret,
        nextSecret: null,
        rotationEndsAt: null,
        revision: revision + 1,
        updatedAt: at,
        sentAsSince: at,
      },
    });
    return accept({ revision: revision + 1 });
  });
}
