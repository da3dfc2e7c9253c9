// `npm run demo`: the whole of Laurel on a laptop. `-- --once` runs a script and ends; `-- --json` prints one line when ready.
import { parseArgs } from "node:util";
import { makeApiKey } from "./merchant.ts";
import { runOnce } from "./once.ts";
import { DEMO_PORT, startDemo } from "./start.ts";
import type { Demo } from "./start.ts";

const { values } = parseArgs({
  options: {
    once: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    port: { type: "string", default: String(DEMO_PORT) },
  },
});
const port = Number(values.port);
if (!Number.isInteger(port) || port < 1 || port > 65_533)
  throw new Error("--port takes a number from 1 to 65533");

// With --json the one line on standard output is for programs; progress goes beside it.
const say = (line: string) => void (values.json ? process.stderr : process.stdout).write(`${line}\n`);

function addresses({ standIn, shop, receiver }: Demo) {
  return {
    admin: `${standIn.url}/admin/store/${shop.handle}/apps/laurel`,
    receiver: receiver.url,
    storefront: `${standIn.url}/store/${shop.handle}`,
  };
}

async function printReady(demo: Demo): Promise<void> {
  const restKey = await makeApiKey(demo, "Demo");
  const restUrl = `${demo.appUrl}/v1`;
  const { appUrl, databaseUrl, apiKey, apiSecret, shop, standIn, receiver } = demo;
  if (values.json) {
    const facts = {
      ...addresses(demo),
      app: appUrl,
      standIn: standIn.url,
      receiverEndpoint: receiver.endpoint,
      restUrl,
      restKey,
    };
    process.stdout.write(
      `${JSON.stringify({ ...facts, shop: shop.domain, apiKey, clientSecret: apiSecret, databaseUrl })}\n`,
    );
    return;
  }
  const { admin, receiver: receiverUrl, storefront } = addresses(demo);
  say(`\n  Admin       ${admin}\n  Receiver    ${receiverUrl}\n  Storefront  ${storefront}`);
  say(`  REST API    ${restUrl}  key ${restKey}\n`);
  say("Ctrl-C ends it.");
}

const demo = await startDemo({ port, report: (line) => say(`· ${line}`) });
let ending: Promise<void> | undefined;
const end = (code: number) => {
  ending ??= demo.stop().then(() => process.exit(code));
};
process.on("SIGINT", () => end(0));
process.on("SIGTERM", () => end(0));

if (values.once) {
  const missing = await runOnce(demo, say);
  for (const sentence of missing) say(`missing: ${sentence}`);
  if (missing.length === 0) say("Everything that was sent was posted, delivered and verified.");
  end(missing.length === 0 ? 0 : 1);
} else {
  await printReady(demo);
}
