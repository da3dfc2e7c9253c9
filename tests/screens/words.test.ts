// What the screens say of entries and of tiers that are about to change.
import { describe, expect, test } from "vitest";
import { entryInWords } from "../../app/components/member-words.ts";
import { changeOfTiers } from "../../app/components/program-form.ts";

test("an adjustment says whether a person made it or a key of the API", () => {
  const entry = { kind: "adjust", shortfall: 0, orderName: null, orderId: null, reason: "Welcome" };
  const said = (points: number, actor: string) => entryInWords({ ...entry, points, actor });
  expect([said(100, "admin"), said(-50, "admin")]).toEqual(["Added by hand", "Taken by hand"]);
  expect([said(100, "api:k1"), said(-50, "api:k1")]).toEqual(["Added over the API", "Taken over the API"]);
});

describe("tiers that are about to change", () => {
  const member = { id: "member", name: "Member", threshold: "0", multiplier: "1" };
  const silver = { id: "silver", name: "Silver", threshold: "500", multiplier: "1.25" };
  const gold = { id: "gold", name: "Gold", threshold: "2000", multiplier: "1,5" };
  const saved = [member, silver, gold];

  test("as they are, or with another name, nobody is settled", () => {
    expect(changeOfTiers(saved, saved)).toEqual({ moved: [], settles: false, inverted: [] });
    const renamed = [member, { ...silver, name: "Argent" }, gold];
    expect(changeOfTiers(saved, renamed)).toMatchObject({ moved: [], settles: false });
  });

  test("one that begins elsewhere or is gone is named; a new one settles members too", () => {
    expect(changeOfTiers(saved, [member, { ...silver, threshold: "600" }])).toMatchObject({
      moved: ["silver", "gold"],
      settles: true,
    });
    const added = { id: "tier-4", name: "", threshold: "2500", multiplier: "2" };
    expect(changeOfTiers(saved, [...saved, added])).toEqual({ moved: [], settles: true, inverted: [] });
  });

  test("one that earns more and now starts below another is told; while it is typed nothing is", () => {
    const low = [member, silver, { ...gold, threshold: "400" }];
    expect(changeOfTiers(saved, low)).toMatchObject({ moved: ["gold"], inverted: [["Gold", "Silver"]] });
    const typing = [member, silver, { ...gold, threshold: "" }];
    expect(changeOfTiers(saved, typing)).toEqual({ moved: [], settles: false, inverted: [] });
  });
});
