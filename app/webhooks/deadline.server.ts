// One deadline over everything that an attempt does: DNS, connect, TLS, headers and body.

export type Deadline = {
  over: () => boolean;
  /** Calls `stop` when time is up; replaces the one before. */
  onOver: (stop: () => void) => void;
  /** The value, or null when time is up first. */
  race: <Value>(work: Promise<Value>) => Promise<Value | null>;
  clear: () => void;
};

/** Starts a deadline of `ms`. */
export function startDeadline(ms: number): Deadline {
  let over = false;
  let stop = () => {};
  const timer = setTimeout(() => {
    over = true;
    stop();
  }, ms);
  const onOver = (next: () => void) => {
    stop = next;
  };
  return {
    over: () => over,
    onOver,
    race: (work) =>
      new Promise((settle, fail) => {
        onOver(() => settle(null));
        work.then(settle, fail);
      }),
    clear: () => clearTimeout(timer),
  };
}
