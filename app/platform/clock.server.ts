// What time it is. The only place that reads the machine's clock, so that a test can own time.

let read: () => Date = () => new Date();

/** The time now. Rules take it as an argument; two machines that must agree ask the database instead. */
export function now(): Date {
  return read();
}

/** For tests: reads the time from `source` until `setClock()` gives it back to the machine. */
export function setClock(source: () => Date = () => new Date()): void {
  read = source;
}
