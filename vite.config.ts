// Builds the pages and routes; what the worker and the servers run, Node reads as it is.
import { fileURLToPath } from "node:url";
import { vitePlugin as remix } from "@remix-run/dev";
import { installGlobals } from "@remix-run/node";
import { defineConfig, type Plugin } from "vite";

installGlobals({ nativeFetch: true });

// Found late, these would make Vite reload the page in the middle of its first load.
const FOR_THE_BROWSER = [
  "react",
  "react-dom",
  "react-dom/client",
  "react/jsx-runtime",
  "react/jsx-dev-runtime",
  "@remix-run/react",
  "@shopify/app-bridge-react",
  "@shopify/polaris",
  "@shopify/shopify-app-remix/react",
  "@shopify/shopify-app-remix/server",
];

const FOR_THE_SERVER = [
  "@prisma/client",
  "@prisma/adapter-pg",
  "@shopify/shopify-api/runtime",
  "@shopify/shopify-app-remix/adapters/node",
];

// Generated as CommonJS that reads files beside itself: never bundled, always loaded by Node.
const CLIENT = fileURLToPath(new URL("generated/prisma/index.js", import.meta.url));

const clientInTheBuild: Plugin = {
  name: "laurel:generated-client",
  enforce: "pre",
  apply: "build",
  resolveId: (source) =>
    // Seen from build/server/index.js, so that a build may be moved with its checkout.
    source.endsWith("generated/prisma/index.js")
      ? { id: "../../generated/prisma/index.js", external: "absolute" }
      : null,
};

const clientInDevelopment: Plugin = {
  name: "laurel:generated-client",
  enforce: "pre",
  apply: "serve",
  load: (id) =>
    id === CLIENT
      ? `import { createRequire } from "node:module";
         const client = createRequire(${JSON.stringify(CLIENT)})(${JSON.stringify(CLIENT)});
         export const { Prisma, PrismaClient } = client;`
      : null,
};

export default defineConfig({
  plugins: [
    clientInTheBuild,
    clientInDevelopment,
    remix({
      ignoredRouteFiles: ["**/.*"],
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_lazyRouteDiscovery: true,
        v3_singleFetch: false,
      },
    }),
  ],
  build: { assetsInlineLimit: 0 },
  cacheDir: ".cache/vite",
  resolve: { dedupe: ["react", "react-dom"] },
  optimizeDeps: { include: FOR_THE_BROWSER, exclude: FOR_THE_SERVER },
});
