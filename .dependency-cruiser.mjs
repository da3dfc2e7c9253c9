// The ladder of ARCHITECTURE.md: a module may import from the rungs below its own, never above, never beside.
const LADDER = [
  ["routes", "worker", "inbound"],
  ["components"],
  ["api", "admin"],
  ["orders", "webhooks"],
  ["tiers"],
  ["ledger"],
  ["members", "program", "shops"],
  ["events"],
  ["shopify"],
  ["platform"],
  ["loyalty"],
];
const inside = (names) => `^app/(${names.join("|")})/`;

const pointsDown = LADDER.slice(1).map((rung, i) => ({
  name: `${rung.join("-")}-points-down`,
  severity: "error",
  from: { path: inside(rung) },
  to: { path: inside(LADDER.slice(0, i + 1).flat()) },
}));

const siblingsApart = LADDER.filter((rung) => rung.length > 1).map((rung) => ({
  name: `${rung.join("-")}-stay-apart`,
  severity: "error",
  comment: "Modules on one rung are joined by their callers, not by each other.",
  from: { path: inside(rung) },
  to: { path: inside(rung), pathNot: "^app/$1/" },
}));

export default {
  forbidden: [
    ...pointsDown,
    ...siblingsApart,
    {
      name: "loyalty-is-pure",
      severity: "error",
      comment: "The rules know no database, clock, network or package.",
      from: { path: "^app/loyalty/" },
      to: { pathNot: "^app/loyalty/" },
    },
    {
      name: "webhooks-know-only-events",
      severity: "error",
      comment: "Sending must not depend on what points are.",
      from: { path: "^app/webhooks/" },
      to: { path: "^app/", pathNot: "^app/(webhooks|events|platform|loyalty/(refusal|ids)[.])" },
    },
    {
      name: "routes-do-not-query",
      severity: "error",
      from: { path: "^app/(routes|worker|inbound)/" },
      to: { path: "^app/platform/(db|redis)[.]server" },
    },
    {
      name: "browser-code-stays-browser-code",
      severity: "error",
      comment: "Remix fails the build on this too; here it fails in a second.",
      from: { path: "^app/", pathNot: ["[.]server[.]tsx?$", "^app/routes/", "^app/root[.]tsx$"] },
      // A type leaves nothing behind in the browser.
      to: { path: "[.]server[.]tsx?$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "the-app-knows-no-demo",
      severity: "error",
      comment: "What ships never imports what only shows it.",
      from: { path: "^(app|server)/" },
      to: { path: "^(demo|bench|faults|tests)/" },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-orphans",
      severity: "error",
      from: {
        orphan: true,
        path: "^app/",
        pathNot: ["[.]d[.]ts$", "^app/routes/", "^app/(root|entry[.](server|client))[.]tsx$"],
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: ["node_modules", "generated"] },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
  },
};
