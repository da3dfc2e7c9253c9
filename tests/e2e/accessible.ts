// What a screen reader stumbles over, found by axe in a page or a frame of it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Frame, Locator } from "playwright-core";

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

/** What a screen reader adds to an element's name. */
export const descriptionOf = (element: Locator): Promise<string> =>
  element.evaluate((one) => {
    const ids = (one.getAttribute("aria-describedby") ?? "").split(" ");
    return ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
  });
