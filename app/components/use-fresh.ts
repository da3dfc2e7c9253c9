// Keeps what a page shows up to date while somebody looks at it: points, tiers and deliveries that arrive are seen.
// A fetcher of the page's own asks, so that nothing navigates: no scrolling, no loading bar, and no end of the page where
// an answer fails.
import { useFetcher, useFormAction } from "@remix-run/react";
import type { ClientLoaderFunctionArgs } from "@remix-run/react";
import { useEffect, useState } from "react";

/** In the address where a page that is open asks, and not somebody who opens it. */
export const FRESH = "fresh";
/** From an answer to the next asking. */
const EVERY_MS = 3_000;

/** `of`: the address whose page it is. Null: it could not be read. */
type Fresh = { readonly of: string; readonly page: unknown } | null;

const addressOf = ({ pathname, search }: { pathname: string; search: string }) => pathname + search;

/** A route's `clientLoader`: what `useFresh` asks may fail without a word; everything else is the server's answer. */
export async function askedFresh({ request, serverLoader }: ClientLoaderFunctionArgs): Promise<unknown> {
  const url = new URL(request.url);
  if (!url.searchParams.has(FRESH)) return serverLoader();
  try {
    return { of: addressOf(url), page: await serverLoader() } satisfies Fresh;
  } catch {
    return null;
  }
}

/**
 * The page's data, asked again every three seconds; the route's `clientLoader` must be `askedFresh`. Rests while the page
 * is hidden, a field is being edited, text is selected or a dialog is open. Stops where an answer fails (the session is
 * over, the app is away), until somebody comes back to the page.
 */
export function useFresh<Page>(loaded: Page): Page {
  const { load, data, state } = useFetcher<Fresh>();
  const here = useFormAction();
  const address = `${here}${here.includes("?") ? "&" : "?"}${FRESH}=1`;
  const fetched = data as Fresh | undefined;
  const [shown, setShown] = useState({ loaded, fetched, page: loaded });
  // The newest of the two: what the page loaded (also after each action), and what was asked since.
  if (shown.loaded !== loaded) setShown({ loaded, fetched, page: loaded });
  else if (shown.fetched !== fetched) {
    const isOfHere = fetched?.of === address;
    setShown({ loaded, fetched, page: isOfHere ? (fetched.page as Page) : shown.page });
  }
  const isStopped = fetched === null;
  useEffect(() => {
    if (state !== "idle") return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = () => {
      timer = setTimeout(ask, EVERY_MS);
    };
    const ask = () => {
      if (isBusy()) wait();
      else load(address);
    };
    const look = () => {
      if (document.visibilityState === "hidden") return;
      clearTimeout(timer);
      ask();
    };
    if (!isStopped) wait();
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [state, isStopped, address, load]);
  return shown.page;
}

/** Whether what somebody does, or that nobody looks, asks for quiet. */
function isBusy(): boolean {
  return (
    document.visibilityState === "hidden" ||
    document.activeElement?.matches("input, textarea, select") === true ||
    document.getSelection()?.isCollapsed === false ||
    document.querySelector("[role=dialog]") !== null
  );
}
