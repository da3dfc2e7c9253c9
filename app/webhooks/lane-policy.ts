// How a lane behaves: numbers, as data. The database judges with the same ones (settle_deliveries).

/** Milliseconds, except `breaker_after`: failures in a row that open the breaker. */
export const LANE_POLICY = {
  breaker_after: 10,
  breaker_first_ms: 30_000,
  breaker_max_ms: 600_000,
  /** Nothing but failure for so long: the subscription is disabled, with one notice. */
  disable_after_ms: 3 * 24 * 3600_000,
  /** A healthy lane notes its last success no more often than this, so that its row is not rewritten all the time. */
  remember_success_ms: 5_000,
};

export type LanePolicy = typeof LANE_POLICY;

/** Requests of one lane under way at once. */
export const WINDOW = { first: 4, most: 32, slowMost: 8, hangingMost: 2, least: 1 } as const;

/** A request older than this no longer holds a slot, only a socket. */
export const SLOT_MS = 250;
/** An endpoint that takes this long on average is as good as hanging. */
export const HANGING_MS = 3_000;

/**
 * Of one process. A suspect lane (slow or failing) starts nothing above `suspectSockets`, one that has not answered yet
 * nothing above `unprovenSockets`, and above `crowdedSockets` one request at a time.
 */
export const PROCESS_LIMITS = {
  slots: 256,
  sockets: 2_048,
  crowdedSockets: 768,
  suspectSockets: 1_536,
  unprovenSockets: 1_792,
  shopSockets: 512,
} as const;

/** One statement claims for so many lanes, so many deliveries of each and in all. */
export const CLAIM_LIMITS = { lanes: 64, perLane: 16, deliveries: 192 } as const;

/** A lease outlives the deadline by this much: time to settle. Recovery = deadline + this + one sweep. */
export const LEASE_MARGIN_MS = 5_000;
export const SWEEP_MS = 5_000;
/** A delivery is due when its transaction began, and seen when it ends. One that took longer is found by the sweep. */
export const COMMITTED_LATE_MS = 2_000;
