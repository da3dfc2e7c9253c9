// The filters of the delivery log: state, event type, time, and a search by what the delivery is about.
import { BlockStack, ChoiceList, Filters, TextField } from "@shopify/polaris";
import type { FiltersProps } from "@shopify/polaris";
import { useState } from "react";
import { SUBSCRIBABLE_TYPES } from "../../events/catalogue.ts";
import { LOG_TIMES } from "../../webhooks/log-times.ts";
import { useQuestion, useTyped } from "../address.ts";
import { DELIVERY_LABELS } from "./words.tsx";

const BETWEEN = "between";
const TIMES = [
  ...LOG_TIMES.map(({ value, label }) => ({ value, label })),
  { value: BETWEEN, label: "Between" },
];
/** Longer lists can be searched. */
const SEARCHED_FROM = 8;

export function DeliveryFilters({ loading }: { loading: boolean }) {
  const { of, ask } = useQuestion();
  const search = useTyped(of("q"), (q) => ask({ q }));
  const [states, types] = [listed(of("state")), listed(of("type"))];
  const between = of("from") !== "" || of("until") !== "";
  const applied = [
    { key: "state", label: `State: ${states.map(labelOf).join(", ")}`, on: states.length > 0 },
    {
      key: "type",
      label: types.length > 2 ? `${types.length} events` : types.join(", "),
      on: types.length > 0,
    },
    {
      key: "time",
      label: timeInWords(of("time"), of("from"), of("until")),
      on: of("time") !== "" || between,
    },
  ];
  const without: Readonly<Record<string, () => void>> = {
    state: () => ask({ state: "" }),
    type: () => ask({ type: "" }),
    time: () => ask({ time: "", from: "", until: "" }),
  };
  return (
    <Filters
      queryValue={search.text}
      queryPlaceholder="Event id, order, customer or event type"
      onQueryChange={search.setText}
      onQueryBlur={search.settle}
      onQueryClear={() => ask({ q: "" })}
      loading={loading}
      filters={filtersOf(states, types, (changes) => ask(changes))}
      appliedFilters={applied
        .filter(({ on }) => on)
        .map(({ key, label }) => ({ key, label, onRemove: () => without[key]?.() }))}
      onClearAll={() => ask({ q: "", state: "", type: "", time: "", from: "", until: "" })}
    />
  );
}

const listed = (text: string) => (text === "" ? [] : text.split(","));
const labelOf = (state: string) => DELIVERY_LABELS.find(({ value }) => value === state)?.label ?? state;

function timeInWords(time: string, from: string, until: string): string {
  const recent = TIMES.find(({ value }) => value === time);
  if (recent !== undefined && time !== BETWEEN) return recent.label;
  const [begin, end] = [from, until].map((clock) => clock.replace("T", " "));
  return `${begin === "" ? "" : `From ${begin}`} ${end === "" ? "" : `until ${end}`}`.trim();
}

function filtersOf(
  states: string[],
  types: string[],
  ask: (changes: Record<string, string>) => void,
): FiltersProps["filters"] {
  return [
    {
      key: "state",
      label: "State",
      pinned: true,
      filter: (
        <ChoiceList
          title="State"
          titleHidden
          allowMultiple
          choices={DELIVERY_LABELS}
          selected={states}
          onChange={(chosen) => ask({ state: chosen.join(",") })}
        />
      ),
    },
    {
      key: "type",
      label: "Event",
      pinned: true,
      filter: <TypeChoice chosen={types} onChange={(chosen) => ask({ type: chosen.join(",") })} />,
    },
    { key: "time", label: "Time", pinned: true, filter: <TimeChoice /> },
  ];
}

type Choice = { readonly chosen: string[]; readonly onChange: (chosen: string[]) => void };

function TypeChoice({ chosen, onChange }: Choice) {
  const [words, setWords] = useState("");
  const fitting = SUBSCRIBABLE_TYPES.filter((type) => type.includes(words.trim().toLowerCase()));
  const hidden = chosen.filter((type) => !fitting.some((other) => other === type));
  return (
    <BlockStack gap="200">
      {SUBSCRIBABLE_TYPES.length >= SEARCHED_FROM && (
        <TextField
          label="Search events"
          labelHidden
          placeholder="Search events"
          value={words}
          onChange={setWords}
          autoComplete="off"
        />
      )}
      <ChoiceList
        title="Event"
        titleHidden
        allowMultiple
        choices={fitting.map((type) => ({ label: type, value: type }))}
        selected={chosen}
        onChange={(visible) => onChange([...hidden, ...visible])}
      />
    </BlockStack>
  );
}

function TimeChoice() {
  const { of, ask } = useQuestion();
  const filled = of("from") !== "" || of("until") !== "";
  const [opened, setOpened] = useState(filled);
  const choose = (value: string) => {
    setOpened(value === BETWEEN);
    ask(value === BETWEEN ? { time: "" } : { time: value, from: "", until: "" });
  };
  const selected = opened ? BETWEEN : of("time");
  return (
    <BlockStack gap="200">
      <ChoiceList
        title="Time"
        titleHidden
        choices={TIMES}
        selected={selected === "" ? [] : [selected]}
        onChange={([value]) => choose(value ?? "")}
      />
      {opened && (
        <>
          <TimeField label="From" value={of("from")} onSettled={(from) => ask({ from, time: "" })} />
          <TimeField label="Until" value={of("until")} onSettled={(until) => ask({ until, time: "" })} />
        </>
      )}
    </BlockStack>
  );
}

type Time = { readonly label: string; readonly value: string; readonly onSettled: (value: string) => void };

function TimeField({ label, value, onSettled }: Time) {
  const typed = useTyped(value, onSettled);
  return (
    <TextField
      label={label}
      type="datetime-local"
      value={typed.text}
      onChange={typed.setText}
      onBlur={typed.settle}
      autoComplete="off"
    />
  );
}
