// Copies a text, and says so where the button was; and says how else, where the browser does not allow it.
import { Button } from "@shopify/polaris";
import { ClipboardIcon } from "@shopify/polaris-icons";
import { useEffect, useState } from "react";

const SAID_MS = 2_000;

type Props = {
  readonly text: string;
  readonly label?: string;
  readonly variant?: "plain" | "secondary";
};

export function CopyButton({ text, label = "Copy", variant = "secondary" }: Props) {
  const [said, setSaid] = useState<string | null>(null);
  useEffect(() => {
    if (said === null) return undefined;
    const pause = setTimeout(() => setSaid(null), SAID_MS);
    return () => clearTimeout(pause);
  }, [said]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setSaid("Copied"),
      () => setSaid("Select it and press Ctrl+C"),
    );
  };
  return (
    <Button icon={ClipboardIcon} onClick={copy} {...(variant === "plain" ? { variant } : {})}>
      {said ?? label}
    </Button>
  );
}
