// Loaded into a worker: its clock is off by FAULTS_CLOCK_MS milliseconds.
const offMs = Number(process.env["FAULTS_CLOCK_MS"]);
const real = Date;
const shifted = () => real.now() + offMs;

globalThis.Date = new Proxy(real, {
  apply: (date) => new date(shifted()).toString(),
  construct: (date, args: unknown[], made) =>
    Reflect.construct(date, args.length === 0 ? [shifted()] : args, made) as Date,
  get: (date, key) => (key === "now" ? shifted : (Reflect.get(date, key) as unknown)),
});
