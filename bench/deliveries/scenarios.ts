// The scenarios of the delivery bench: what each measures, at which size, and what is expected of it.
import type { Stage } from "./stage.ts";

/** What one run measured, by the keys of its scenario's figures. */
export type Figures = Record<string, number>;
/** One figure: `digits` after the point; `least` (of each back end) or `most` is its target, if it has one. */
export type Figure = {
  label: string;
  unit: string;
  digits: number;
  least?: number | Readonly<Record<string, number>>;
  most?: number;
};
export type Scenario = {
  about: string;
  /** How many deliveries it is about: usually, and with --full. */
  size: number;
  full: number;
  figures: Readonly<Record<string, Figure>>;
  play: (stage: Stage, size: number) => Promise<Figures>;
  /**
   * Each run plays it twice: with size 0 on an empty database, and with its size on one that is kept from run to run; the
   * figures are those of both.
   */
  compare?: (without: Figures, beside: Figures) => Figures;
};

const perSecond = { unit: "/s", digits: 0 };
const ms = { unit: " ms", digits: 1 };
const times = { unit: " times", digits: 2 };
const cost = { unit: " ms", digits: 3 };
const LATENCY = {
  p50: { label: "p50", ...ms, most: 5 },
  p95: { label: "p95", ...ms },
  p99: { label: "p99", ...ms, most: 25 },
};

const cpuOf = ({ workerMs = NaN, postgresMs = NaN }: Figures) => workerMs + postgresMs;

/** What a history changes: the figures of a drain without it and of one beside it, and the one as a share of the other. */
function compareDrains(without: Figures, beside: Figures): Figures {
  const { drain: before = NaN } = without;
  const { drain: after = NaN } = beside;
  const [cpuBefore, cpuAfter] = [cpuOf(without), cpuOf(beside)];
  return { before, after, change: after / before, cpuBefore, cpuAfter, cpuChange: cpuAfter / cpuBefore };
}

// The app reads its environment when it is imported, so a scenario is imported once the stage is set.
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  drain: {
    about: "drain over 50 subscriptions of 10 shops, signed, every attempt kept",
    size: 60_000,
    full: 200_000,
    figures: {
      drain: { label: "drain by two workers", ...perSecond, least: { postgres: 5_000, redis: 6_000 } },
      cold: { label: "its first, while V8 still compiles", ...perSecond },
      alone: { label: "drain by one worker", ...perSecond },
      bare: { label: "bare undici POST loop, 64 at once", ...perSecond },
      ofBare: { label: "drain to bare loop", ...times, least: 0.25 },
      plain: { label: "one BullMQ job for each delivery", ...perSecond },
      timesPlain: { label: "drain to one job each", ...times, least: 2 },
      workerMs: { label: "CPU of the workers for each delivery", ...cost },
      postgresMs: { label: "CPU of PostgreSQL for each delivery", ...cost },
      receiverMs: { label: "CPU of the receiver for each delivery", ...cost },
    },
    play: async (stage, size) => (await import("./drain.ts")).drain(stage, size),
  },
  latency: {
    about: "commit to receipt at 200 a second",
    size: 2_000,
    full: 12_000,
    figures: LATENCY,
    play: async (stage, count) => (await import("./latency.ts")).latency(stage, { rate: 200, count }),
  },
  hanging: {
    about: "96 endpoints that hang ahead of healthy deliveries",
    size: 500,
    full: 500,
    figures: { p50: { label: "healthy p50", ...ms }, p99: { label: "healthy p99", ...ms, most: 1_000 } },
    play: async (stage, size) => (await import("./neighbours.ts")).hanging(stage, size),
  },
  backlog: {
    about: "another shop sends one while one shop's backlog drains",
    size: 50_000,
    full: 50_000,
    figures: {
      p50: { label: "the other's p50", ...ms },
      slowest: { label: "the other's slowest", ...ms, most: 1_000 },
      left: { label: "of the backlog left then", unit: "", digits: 0, least: 1 },
    },
    play: async (stage, size) => (await import("./neighbours.ts")).backlog(stage, size),
  },
  "half-dead": {
    about: "1,000 subscriptions, then half of them dead: commits of 20 deliveries each",
    size: 100,
    full: 300,
    figures: {
      healthy: { label: "p99 with none dead", ...ms },
      beside: { label: "healthy p99 with half dead", ...ms },
      times: { label: "half dead to none dead", ...times, most: 2 },
    },
    play: async (stage, size) => (await import("./neighbours.ts")).halfDead(stage, size),
  },
  memory: {
    about: "memory of a worker over a long run",
    size: 60_000,
    full: 1_000_000,
    figures: {
      early: { label: "second quarter", unit: " MiB", digits: 0 },
      late: { label: "last quarter", unit: " MiB", digits: 0 },
      growth: { label: "last to second quarter", ...times, most: 1.1 },
      rate: { label: "sent beside the commits", ...perSecond },
    },
    play: async (stage, size) => (await import("./long-run.ts")).memory(stage, size),
  },
  old: {
    about: "drain with old deliveries in the tables",
    size: 500_000,
    full: 5_000_000,
    figures: {
      before: { label: "drain without", ...perSecond },
      after: { label: "drain with", ...perSecond },
      change: { label: "with to without", ...times, least: 0.8 },
      cpuBefore: { label: "CPU of worker and PostgreSQL without", ...cost },
      cpuAfter: { label: "CPU of worker and PostgreSQL with", ...cost },
      cpuChange: { label: "CPU with to without", ...times, most: 1.2 },
    },
    play: async (stage, size) => (await import("./long-run.ts")).drainBeside(stage, size),
    compare: compareDrains,
  },
};
