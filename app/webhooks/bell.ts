// A bell that one waiter listens to, and timers that ring it for a lane later.

/** Waiting ends at the ring, or after `ms` (null = only at the ring). A ring that nobody waits for is not kept. */
export function createBell() {
  let go = () => {};
  return {
    ring: () => go(),
    wait: (ms: number | null): Promise<void> =>
      new Promise((resolve) => {
        const timer = ms === null ? null : setTimeout(resolve, ms);
        go = () => {
          if (timer !== null) clearTimeout(timer);
          go = () => {};
          resolve();
        };
      }),
  };
}

/** One timer per key at the most: the soonest that was asked for. */
export function createAlarms(ring: (key: string) => void) {
  const set = new Map<string, { at: number; timer: NodeJS.Timeout }>();
  return {
    has: (key: string) => set.has(key),
    /** Rings for `key` in `ms` milliseconds, unless an earlier alarm stands. */
    setIn(key: string, ms: number): void {
      const at = performance.now() + ms;
      const known = set.get(key);
      if (known !== undefined && known.at <= at) return;
      clearTimeout(known?.timer);
      const timer = setTimeout(() => {
        set.delete(key);
        ring(key);
      }, ms + 1);
      set.set(key, { at, timer });
    },
    clear(): void {
      for (const { timer } of set.values()) clearTimeout(timer);
      set.clear();
    },
  };
}
