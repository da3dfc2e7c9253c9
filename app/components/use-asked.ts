// Asks the app for JSON beside the page's own data: once, or again and again while something goes on. A failure is a word
// on the page and never the end of it.
import { useEffect, useState } from "react";

export type Asked<Value> = {
  /** The newest answer; null before the first. */
  readonly value: Value | null;
  /** Why there is no newer one: the session is over, or the app could not be reached. */
  readonly problem: "session" | "unreachable" | null;
};

/**
 * Asks `url` (null: not at all), and `everyMs` after each answer again (null: once). Rests while nobody looks at the page.
 * @param reader makes a value of the answer; what it throws counts as unreachable.
 */
export function useAsked<Value>(
  url: string | null,
  everyMs: number | null,
  reader: (json: unknown) => Value,
): Asked<Value> {
  const [asked, setAsked] = useState<Asked<Value> & { readonly url: string | null }>({ ...NOTHING, url });
  useEffect(() => {
    if (url === null) return undefined;
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = () => {
      if (everyMs !== null && !leaving.signal.aborted) timer = setTimeout(ask, everyMs);
    };
    const fail = (problem: Asked<Value>["problem"]) =>
      setAsked((before) => ({ url, value: before.url === url ? before.value : null, problem }));
    const ask = () => {
      if (document.visibilityState === "hidden") return again();
      fetchJson(url, leaving.signal).then(
        (json) => {
          const value = json === "session" ? null : reader(json);
          if (value === null) return fail("session");
          setAsked({ url, value, problem: null });
          again();
        },
        () => {
          if (leaving.signal.aborted) return;
          fail("unreachable");
          again();
        },
      );
    };
    ask();
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [url, everyMs, reader]);
  return asked.url === url ? asked : NOTHING;
}

const NOTHING = { value: null, problem: null };

async function fetchJson(url: string, signal: AbortSignal): Promise<unknown> {
  const answer = await fetch(url, { signal, headers: { Accept: "application/json" } });
  if (answer.status === 401) return "session";
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  return answer.json();
}
