// A refusal in words, with the way on where reloading is one.
import { Banner } from "@shopify/polaris";
import type { Refusal } from "../loyalty/refusal.ts";
import { inWords } from "../loyalty/refusal-words.ts";
import { reload } from "./reload.ts";

const RELOAD_HELPS: readonly Refusal[] = ["session_over", "form_stale"];

type Props = { readonly refusal: Refusal; readonly title?: string };

export function RefusedBanner({ refusal, title }: Props) {
  return (
    <Banner
      tone="critical"
      {...(title === undefined ? {} : { title })}
      {...(RELOAD_HELPS.includes(refusal)
        ? { action: { content: "Reload the page", onAction: reload } }
        : {})}
    >
      <p>{inWords(refusal)}</p>
    </Banner>
  );
}
