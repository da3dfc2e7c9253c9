// One question at a time, and its answer kept for a moment: however many ask, the database is asked once.

/**
 * Asks on behalf of many.
 * @param keepMs how long an answer, or a failure, serves those who come after it; while a question runs, all wait for it
 */
export function keepAnswer<T>(ask: () => Promise<T>, keepMs: number): () => Promise<T> {
  let kept: Promise<T> | undefined;
  const forgetLater = () => void setTimeout(() => (kept = undefined), keepMs).unref();
  return () => {
    if (kept === undefined) {
      kept = ask();
      kept.then(forgetLater, forgetLater);
    }
    return kept;
  };
}
