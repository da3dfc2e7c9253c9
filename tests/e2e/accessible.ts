// What a screen reader stumbles over, found by axe in a page or a frame of it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Frame } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

type Axe = {
  run: (options: object) => Promise<{
    violations: { id: string; impact: string; nodes: { html: string }[] }[];
  }>;
};

/** Serious and critical faults, one line each; the rules in `off` are left out. */
export async function seriousFaults(frame: Frame, off: readonly string[]): Promise<string[]> {
  await frame.evaluate(AXE);
  const found = await frame.evaluate(
    async (left) => {
      const rules = Object.fromEntries(left.map((id) => [id, { enabled: false }]));
      return (await (window as unknown as { axe: Axe }).axe.run({ rules })).violations;
    },
    [...off],
  );
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160) ?? ""}`);
}
