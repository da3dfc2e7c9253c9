// Runs a task many times at some concurrency, and says how fast it was and how evenly.
export type Figures = {
  count: number;
  perSecond: number;
  p50: number;
  p99: number;
  max: number;
  failed: number;
};

/** Runs `task(0 … count − 1)`, `lanes` at a time; milliseconds of each. */
export async function measure(
  count: number,
  lanes: number,
  task: (index: number) => Promise<void>,
): Promise<Figures> {
  const times: number[] = [];
  let next = 0;
  const started = performance.now();
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      const from = performance.now();
      await task(index);
      times.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { count, perSecond: (count / (performance.now() - started)) * 1000, failed: 0, ...spread(times) };
}

/** Starts a task every 1/rate s whether or not the last has ended, so that waiting counts: open load. */
export async function measureAtRate(
  count: number,
  rate: number,
  task: (index: number) => Promise<void>,
): Promise<Figures> {
  const times: number[] = [];
  const started = performance.now();
  const running: Promise<void>[] = [];
  let failed = 0;
  for (let index = 0; index < count; index += 1) {
    const due = started + (index * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const done = task(index).then(
      () => void times.push(performance.now() - due),
      () => void (failed += 1),
    );
    running.push(done);
  }
  await Promise.all(running);
  return { count, perSecond: (count / (performance.now() - started)) * 1000, failed, ...spread(times) };
}

function spread(times: number[]): Omit<Figures, "count" | "perSecond" | "failed"> {
  const sorted = times.sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** One row of the table that a bench prints. */
export function row(name: string, { perSecond, p50, p99, max, failed }: Figures): string {
  const ms = (value: number): string => `${value.toFixed(1)} ms`.padStart(10);
  const spreadText = `p50${ms(p50)}  p99${ms(p99)}  max${ms(max)}`;
  return `${name.padEnd(44)}${perSecond.toFixed(0).padStart(8)}/s  ${spreadText}${failed > 0 ? `  ${failed} failed` : ""}`;
}
