// The form of a manual adjustment, read and carried out.
import { z } from "zod";
import type { ShopId } from "../loyalty/ids.ts";
import { refuse } from "../loyalty/refusal.ts";
import type { Refused } from "../loyalty/refusal.ts";
import { isStorable } from "../platform/storable.ts";
import { adjustMember } from "../tiers/adjust-member.server.ts";

const Form = z.object({
  points: z.string().trim(),
  note: z.string(),
  countsForTier: z.enum(["true", "false"]),
  key: z.uuid(),
});
const WHOLE = /^[+-]?\d{1,12}$/;

/** Adjusts as the form says. Refuses as `adjustMember` does, and a form that does not read. */
export async function adjustFromForm(
  shopId: ShopId,
  memberId: string,
  form: FormData,
): Promise<{ ok: true } | Refused> {
  const read = Form.safeParse(Object.fromEntries(form));
  if (!read.success || !isStorable(read.data)) return refuse("form_invalid");
  const { points, note, countsForTier, key } = read.data;
  if (!WHOLE.test(points)) return refuse("points_not_whole", { field: "points" });
  const asked = {
    points: Number(points),
    note,
    actor: "admin",
    key,
    countsForTier: countsForTier === "true",
  };
  const adjusted = await adjustMember(shopId, memberId, asked);
  return adjusted.ok ? { ok: true } : adjusted;
}
