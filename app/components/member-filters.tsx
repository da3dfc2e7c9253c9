// Search, tier filter and sort of the members' list; all of it lives in the address.
import { ChoiceList, IndexFilters, IndexFiltersMode, useSetIndexFiltersMode } from "@shopify/polaris";
import type { IndexFiltersProps } from "@shopify/polaris";
import { useQuestion, useTyped } from "./address.ts";

const SORT_OPTIONS: NonNullable<IndexFiltersProps["sortOptions"]> = [
  { label: "Joined", value: "joined desc", directionLabel: "Newest first" },
  { label: "Joined", value: "joined asc", directionLabel: "Oldest first" },
  { label: "Points", value: "points desc", directionLabel: "Most first" },
  { label: "Points", value: "points asc", directionLabel: "Fewest first" },
  { label: "Lifetime points", value: "lifetime desc", directionLabel: "Most first" },
  { label: "Lifetime points", value: "lifetime asc", directionLabel: "Fewest first" },
];
export function MemberFilters({
  tiers,
  loading,
}: {
  tiers: readonly { id: string; name: string }[];
  loading: boolean;
}) {
  const { of, ask } = useQuestion();
  const { mode, setMode } = useSetIndexFiltersMode(IndexFiltersMode.Default);
  const search = useTyped(of("search"), (text) => ask({ search: text }));
  const tier = of("tier");

  return (
    <IndexFilters
      mode={mode}
      setMode={setMode}
      tabs={[]}
      selected={0}
      canCreateNewView={false}
      loading={loading}
      queryValue={search.text}
      queryPlaceholder="Search by name, e-mail or customer id"
      onQueryChange={search.setText}
      onQueryClear={() => ask({ search: "" })}
      cancelAction={{ onAction: () => ask({ search: "" }) }}
      sortOptions={SORT_OPTIONS}
      sortSelected={[of("sort") || "joined desc"]}
      onSort={([sort]) => ask({ sort: sort ?? "" })}
      {...tierFilter(tiers, tier === "" ? null : tier, (chosen) => ask({ tier: chosen }))}
      onClearAll={() => ask({ search: "", tier: "" })}
    />
  );
}

type Tiers = readonly { readonly id: string; readonly name: string }[];

function tierFilter(
  tiers: Tiers,
  tier: string | null,
  onChoose: (tier: string) => void,
): Pick<IndexFiltersProps, "filters" | "appliedFilters"> {
  const choices = [
    ...tiers.map(({ id, name }) => ({ label: name, value: id })),
    { label: "No tier", value: "none" },
  ];
  const chosen = choices.find((choice) => choice.value === tier)?.label ?? tier;
  return {
    filters: [
      {
        key: "tier",
        label: "Tier",
        shortcut: true,
        filter: (
          <ChoiceList
            title="Tier"
            titleHidden
            choices={choices}
            selected={tier === null ? [] : [tier]}
            onChange={([choice]) => onChoose(choice ?? "")}
          />
        ),
      },
    ],
    appliedFilters:
      tier === null ? [] : [{ key: "tier", label: `Tier: ${chosen}`, onRemove: () => onChoose("") }],
  };
}
