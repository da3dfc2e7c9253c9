// How far back the delivery log and a replay look, as a merchant chooses it.
const HOUR_MS = 3_600_000;

/** Longest last; bodies are kept for 30 days, so nothing older can be sent again. */
export const LOG_TIMES = [
  { value: "1h", label: "Last hour", ms: HOUR_MS },
  { value: "24h", label: "Last 24 hours", ms: 24 * HOUR_MS },
  { value: "3d", label: "Last 3 days", ms: 72 * HOUR_MS },
  { value: "7d", label: "Last 7 days", ms: 168 * HOUR_MS },
  { value: "30d", label: "Last 30 days", ms: 720 * HOUR_MS },
] as const;
