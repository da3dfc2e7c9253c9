// `npm run bench -- <name>`: runs one bench by its name.
const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  orders: async () => (await import("./orders.ts")).benchOrders(),
  idle: async () => (await import("./idle.ts")).benchIdle(),
  deliveries: async () => (await import("./deliveries.ts")).benchDeliveries(),
};

const name = process.argv[2] ?? "";
const bench = BENCHES[name];
if (bench) {
  await bench();
} else {
  process.stderr.write(`Which bench? ${Object.keys(BENCHES).join(", ")}\n`);
  process.exitCode = 1;
}

export {};
