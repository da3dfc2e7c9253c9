// What a worker does by the clock and not through the queue: it must happen while the queue is away too.
import { log } from "../platform/log.server.ts";

/** Told to look soon, a loop waits this long: what happens together is done together. */
const SOON_MS = 2_000;

export type Work = {
  /** For the log: `<name>.failed`. */
  readonly name: string;
  /** True where there may be more at once; ends early when the signal says so. */
  readonly work: (stopping: AbortSignal) => Promise<boolean>;
  readonly firstMs: number;
  readonly everyMs: number;
  readonly afterFailureMs: number;
};

export type Loop = {
  /** There may be work: look within seconds. */
  readonly soon: () => void;
  /** Begins nothing more; what is under way ends first. */
  readonly stop: () => Promise<void>;
};

/** Runs `work` again and again; a failure is logged and tried again later. The caller stops it. */
export function startLoop({ name, work, firstMs, everyMs, afterFailureMs }: Work): Loop {
  const stopping = new AbortController();
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Infinity;
  let told = false;
  const plan = (ms: number) => {
    if (stopping.signal.aborted) return;
    clearTimeout(timer);
    dueAt = performance.now() + ms;
    timer = setTimeout(run, ms).unref();
  };
  const run = () => {
    told = false;
    running = work(stopping.signal)
      .then(
        (more) => (more ? 0 : everyMs),
        (error: unknown) => {
          log.warn(`${name}.failed`, {}, error);
          return afterFailureMs;
        },
      )
      .then((ms) => {
        running = null;
        plan(told ? Math.min(ms, SOON_MS) : ms);
      });
  };
  plan(firstMs);
  return {
    soon: () => {
      told = true;
      if (running === null && dueAt - performance.now() > SOON_MS) plan(SOON_MS);
    },
    stop: async () => {
      stopping.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
