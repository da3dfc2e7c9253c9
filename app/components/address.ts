// What a list shows lives in the address: filters, sort and page, so that a reload or a shared link shows the same.
import { useLocation, useNavigation, useSearchParams } from "@remix-run/react";
import { useEffect, useState } from "react";

/** How long typing rests before it asks. */
const TYPING_PAUSE_MS = 350;

export type Changes = Readonly<Record<string, string>>;

/** The address with these values set ("" takes one away), at the first page of the list that `cursor` names. */
export function withValues(asked: URLSearchParams, changes: Changes, cursor = "cursor"): URLSearchParams {
  const changed = new URLSearchParams(asked);
  // Another question begins at its first page.
  changed.delete(cursor);
  for (const [name, value] of Object.entries(changes)) {
    if (value === "") changed.delete(name);
    else changed.set(name, value);
  }
  return changed;
}

/** Reads the address, and asks another question of the list in place of it: the way back leads out of the list. */
export function useQuestion() {
  const [shown, setAsked] = useSearchParams();
  const { pathname } = useLocation();
  const { location: coming } = useNavigation();
  // While the answer is on its way the filters show what was asked for already.
  const asked = coming?.pathname === pathname ? new URLSearchParams(coming.search) : shown;
  const ask = (changes: Changes) => {
    setAsked(withValues(asked, changes), { replace: true, preventScrollReset: true });
  };
  return { asked, of: (name: string) => asked.get(name) ?? "", ask };
}

/** Text as it is typed, and asked for when typing rests, on Enter and on leaving the field. */
export function useTyped(applied: string, apply: (text: string) => void) {
  const [text, setText] = useState(applied);
  const [seen, setSeen] = useState(applied);
  const [sent, setSent] = useState(applied);
  // The address changed by other means (a filter was cleared, the way back): the field follows. What comes of our own
  // asking must not undo what was typed meanwhile.
  if (seen !== applied) {
    setSeen(applied);
    if (applied !== sent) setText(applied);
  }
  const settle = () => {
    if (text === applied) return;
    setSent(text);
    apply(text);
  };
  useEffect(() => {
    if (text === applied) return undefined;
    const pause = setTimeout(settle, TYPING_PAUSE_MS);
    return () => clearTimeout(pause);
  });
  return { text, setText, settle };
}

type Neighbours = { readonly next: string | null; readonly previous: string | null };

/** What a pagination needs to turn to the true neighbours of a page; `name` is the cursor's place in the address. */
export function useTurns({ next, previous }: Neighbours, name = "cursor") {
  const [asked, setAsked] = useSearchParams();
  const turn = (cursor: string | null) => {
    setAsked(withValues(asked, { [name]: cursor ?? "" }, name), { preventScrollReset: true });
  };
  return {
    hasNext: next !== null,
    hasPrevious: previous !== null,
    onNext: () => turn(next),
    onPrevious: () => turn(previous),
  };
}
