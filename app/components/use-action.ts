// Sends what somebody asks to the page's action, as JSON, and hands back its answer.
import { useFetcher } from "@remix-run/react";
import { useEffect, useRef } from "react";

/** `ask` does nothing while an earlier one is under way: a double click asks once. */
export function useAction<Asked, Answer>() {
  const fetcher = useFetcher<Answer>();
  const busy = fetcher.state !== "idle";
  // The second click of a double click comes before the page is drawn anew, so `busy` alone would not stop it.
  const asking = useRef(false);
  useEffect(() => {
    if (!busy) asking.current = false;
  }, [busy]);
  return {
    busy,
    /** The newest answer, null while none came or another is awaited. */
    answer: busy ? null : (fetcher.data ?? null),
    ask: (asked: Asked) => {
      if (busy || asking.current) return;
      asking.current = true;
      fetcher.submit(JSON.stringify(asked), { method: "post", encType: "application/json" });
    },
  };
}
