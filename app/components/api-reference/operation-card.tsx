// One operation of the API: how it is asked, what it takes, what it answers, what it may refuse.
import type { Content, DescribedOperation, Schema } from "../../api/openapi.ts";
import { Fields, Paragraphs } from "./fields.tsx";
import { schemaRows, typeOf } from "./schema-rows.ts";

type Props = {
  readonly method: string;
  readonly path: string;
  readonly origin: string;
  readonly operation: DescribedOperation;
};

export function OperationCard({ method, path, origin, operation }: Props) {
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  const body = schemaIn(requestBody?.content);
  const done = Object.entries(responses).find(([status]) => status.startsWith("2"));
  const refused = Object.entries(responses).filter(([status]) => !status.startsWith("2"));
  return (
    <article id={operationId}>
      <h3>{summary}</h3>
      <p className="address">
        <b className={method}>{method.toUpperCase()}</b> <code>{path}</code>
      </p>
      <Paragraphs text={description} />
      <pre tabIndex={0}>{curlOf({ method, path, origin, body: exampleIn(requestBody?.content) })}</pre>
      {parameters.length > 0 && (
        <Fields
          title="Parameters"
          rows={parameters.map(({ name, in: place, description: about, required, schema }) => ({
            name,
            type: place === "query" ? typeOf(schema) : `${typeOf(schema)}, in the ${place}`,
            about,
            optional: required !== true,
          }))}
        />
      )}
      {body !== null && <Fields title="Body" rows={schemaRows(body)} />}
      {done !== undefined && (
        <Fields title={`Answer, ${done[0]}`} rows={schemaRows(schemaIn(done[1].content) ?? {})} folded />
      )}
      <details>
        <summary>Refusals</summary>
        <p>
          Each is an <a href="#errors">error document</a>.
        </p>
        <dl>
          {refused.map(([status, { description: about }]) => (
            <div key={status}>
              <dt>{status}</dt>
              <dd>
                <Paragraphs text={about} />
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </article>
  );
}

function exampleIn(content: Content | undefined): unknown {
  return Object.values(content ?? {})[0]?.example;
}

function schemaIn(content: Content | undefined): Schema | null {
  const [first] = Object.values(content ?? {});
  return first === undefined || "$ref" in first.schema ? null : first.schema;
}

function curlOf({
  method,
  path,
  origin,
  body,
}: {
  method: string;
  path: string;
  origin: string;
  body: unknown;
}) {
  const lines = [
    `curl ${method === "get" ? "" : `-X ${method.toUpperCase()} `}"${origin}${path}"`,
    `  -H "Authorization: Bearer $LAUREL_KEY"`,
    ...(method === "get" ? [] : [`  -H "Idempotency-Key: $(uuidgen)"`]),
    ...(body === undefined
      ? []
      : [`  -H "Content-Type: application/json" \\\n  -d '${JSON.stringify(body)}'`]),
  ];
  return lines.join(" \\\n");
}
