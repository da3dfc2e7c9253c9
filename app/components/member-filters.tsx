// Search, tier filter and sort of the members' list; all of it lives in the address.
import { useSearchParams } from "@remix-run/react";
import { ChoiceList, IndexFilters, IndexFiltersMode, useSetIndexFiltersMode } from "@shopify/polaris";
import type { IndexFiltersProps } from "@shopify/polaris";
import { useEffect, useState } from "react";

const SORT_OPTIONS: NonNullable<IndexFiltersProps["sortOptions"]> = [
  { label: "Joined", value: "joined desc", directionLabel: "Newest first" },
  { label: "Joined", value: "joined asc", directionLabel: "Oldest first" },
  { label: "Points", value: "points desc", directionLabel: "Most first" },
  { label: "Points", value: "points asc", directionLabel: "Fewest first" },
  { label: "Lifetime points", value: "lifetime desc", directionLabel: "Most first" },
  { label: "Lifetime points", value: "lifetime asc", directionLabel: "Fewest first" },
];
const SEARCH_PAUSE_MS = 300;

/** The address with `name` set to `value` ("" takes it away), at the first page. */
export function withValue(asked: URLSearchParams, name: string, value: string): URLSearchParams {
  const changed = new URLSearchParams(asked);
  // Another question begins at its first page.
  changed.delete("cursor");
  if (value === "") changed.delete(name);
  else changed.set(name, value);
  return changed;
}

export function MemberFilters({
  tiers,
  loading,
}: {
  tiers: readonly { id: string; name: string }[];
  loading: boolean;
}) {
  const [asked, setAsked] = useSearchParams();
  const { mode, setMode } = useSetIndexFiltersMode(IndexFiltersMode.Default);
  const [search, setSearch] = useState(asked.get("search") ?? "");
  const set = (name: string, value: string) => setAsked(withValue(asked, name, value), { replace: true });

  useEffect(() => {
    if (search === (asked.get("search") ?? "")) return undefined;
    const pause = setTimeout(
      () => setAsked(withValue(asked, "search", search), { replace: true }),
      SEARCH_PAUSE_MS,
    );
    return () => clearTimeout(pause);
  }, [search, asked, setAsked]);

  return (
    <IndexFilters
      mode={mode}
      setMode={setMode}
      tabs={[]}
      selected={0}
      canCreateNewView={false}
      loading={loading}
      queryValue={search}
      queryPlaceholder="Search by name, e-mail or customer id"
      onQueryChange={setSearch}
      onQueryClear={() => setSearch("")}
      cancelAction={{ onAction: () => setSearch(asked.get("search") ?? "") }}
      sortOptions={SORT_OPTIONS}
      sortSelected={[asked.get("sort") ?? "joined desc"]}
      onSort={([sort]) => set("sort", sort ?? "")}
      {...tierFilter(tiers, asked.get("tier"), (chosen) => set("tier", chosen))}
      onClearAll={() => {
        setSearch("");
        setAsked(new URLSearchParams(), { replace: true });
      }}
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
