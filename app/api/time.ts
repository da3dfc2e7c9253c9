// Times as the API tells them: ISO 8601, in UTC.
import { z } from "zod";

export const time = z.iso.datetime();

/** What did not happen has no time. */
export const timeOrNull = (at: Date | null) => at?.toISOString() ?? null;
