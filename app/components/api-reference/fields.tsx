// The pieces of a reference page: paragraphs, and a schema's fields as a table.
import { Marked } from "../marked.tsx";
import type { SchemaRow } from "./schema-rows.ts";

/** A tag as a heading. */
export const titled = (tag: string) => tag.charAt(0).toUpperCase() + tag.slice(1);

/** Paragraphs with an empty line between them; a first word between double asterisks is bold. */
export function Paragraphs({ text }: { readonly text: string }) {
  return text.split("\n\n").map((paragraph, index) => {
    const [before = "", bold = "", after = ""] = paragraph.split("**");
    return (
      <p key={index}>
        <Marked text={before} />
        {bold !== "" && <b>{bold}</b>}
        <Marked text={after} />
      </p>
    );
  });
}

/** A table of fields, or, `folded`, one that opens. */
export function Fields({
  title,
  rows,
  folded,
}: {
  title: string;
  rows: readonly SchemaRow[];
  folded?: boolean;
}) {
  const table = (
    <div className="wide">
      <table>
        <tbody>
          {rows.map(({ name, type, about, optional }) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td>
                <span className="type">
                  {type}
                  {optional ? ", optional" : ""}
                </span>
                {about !== "" && (
                  <p>
                    <Marked text={about} />
                  </p>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
  if (folded !== true) return [<h4 key="title">{title}</h4>, <div key="table">{table}</div>];
  return (
    <details>
      <summary>{title}</summary>
      {table}
    </details>
  );
}
