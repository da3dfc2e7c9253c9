// The webhooks' events to browse: what is around every event, then each type's trigger, fields and example.
import type { Schema } from "../../api/openapi.ts";
import type { AsyncApi, Message } from "../../events/asyncapi.ts";
import { Fields, Paragraphs, titled } from "./fields.tsx";
import { schemaRows } from "./schema-rows.ts";
import type { SchemaRow } from "./schema-rows.ts";

/** What differs from type to type is said for all of them. */
const OF_THE_TYPE: Readonly<Record<string, Partial<SchemaRow>>> = {
  event: { type: "string", about: "The event type." },
  data: { about: "As the event type has it, below." },
};

export function EventReference({ document }: { readonly document: AsyncApi }) {
  const { info, components } = document;
  const messages = Object.values(components.messages);
  const groups = [...Map.groupBy(messages, ({ tags }) => tags[0]?.name ?? "")];
  return (
    <div className="reference">
      <nav aria-label="Contents">
        <a href="/v1/docs">REST API</a>
        <a className="area" href="#around">
          Envelope and headers
        </a>
        {groups.map(([group, held]) => (
          <div key={group}>
            <a className="area" href={`#${group}-events`}>
              {titled(group)}
            </a>
            {held.map(({ name }) => (
              <a key={name} href={`#${name}`}>
                {name}
              </a>
            ))}
          </div>
        ))}
      </nav>
      <main id="top">
        <h1>{info.title}</h1>
        <Paragraphs text={info.description} />
        <p>
          For generators and test tools: <a href="/v1/asyncapi.json">AsyncAPI 3</a>.
        </p>
        <Around headers={components.schemas.headers} message={messages[0]} />
        {groups.map(([group, held]) => (
          <section key={group} id={`${group}-events`}>
            <h2>{titled(group)}</h2>
            {held.map((message) => (
              <EventCard key={message.name} message={message} />
            ))}
          </section>
        ))}
      </main>
    </div>
  );
}

/** The envelope is every message's: it is read from the first one. */
function Around({ headers, message }: { readonly headers: object; readonly message: Message | undefined }) {
  const envelope = schemaRows(message?.payload ?? {});
  return (
    <section id="around">
      <h2>Around every event</h2>
      <Fields
        title="Envelope"
        rows={envelope
          .filter(({ name }) => !name.startsWith("data."))
          .map((row) => ({ ...row, ...OF_THE_TYPE[row.name] }))}
      />
      <Fields title="Headers" rows={schemaRows(headers)} />
    </section>
  );
}

function EventCard({ message }: { readonly message: Message }) {
  const { name, title, description, payload, examples } = message;
  const data = (payload as Schema).properties?.["data"] ?? {};
  return (
    <article id={name}>
      <h3>{title}</h3>
      <p className="address">
        <code>{name}</code>
      </p>
      <Paragraphs text={description} />
      <Fields title="data" rows={schemaRows(data)} />
      <h4>Example</h4>
      <pre tabIndex={0}>{JSON.stringify(examples[0]?.payload, null, 2)}</pre>
    </article>
  );
}
