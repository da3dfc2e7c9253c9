// A sentence in which names and values stand between backticks, as the catalogue's are written.
import { Fragment } from "react";

export function Marked({ text }: { text: string }) {
  return text
    .split("`")
    .map((part, index) =>
      index % 2 === 1 ? <code key={index}>{part}</code> : <Fragment key={index}>{part}</Fragment>,
    );
}
