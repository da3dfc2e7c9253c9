// The API's reference to browse: contents at the side, every operation below its area.
import type { OpenApi } from "../../api/openapi.ts";
import { Fields, Paragraphs, titled } from "./fields.tsx";
import { OperationCard } from "./operation-card.tsx";
import { schemaRows } from "./schema-rows.ts";

export function Reference({ document }: { readonly document: OpenApi }) {
  const { info, servers, tags, paths, components } = document;
  const origin = servers[0]?.url ?? "";
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const areas = tags.map((tag) => ({
    ...tag,
    operations: operations.filter(({ operation }) => operation.tags.includes(tag.name)),
  }));
  return (
    <div className="reference">
      <nav aria-label="Contents">
        <a href="#top">{info.title}</a>
        {areas.map(({ name, operations: held }) => (
          <div key={name}>
            <a className="area" href={`#${name}`}>
              {titled(name)}
            </a>
            {held.map(({ operation }) => (
              <a key={operation.operationId} href={`#${operation.operationId}`}>
                {operation.summary}
              </a>
            ))}
          </div>
        ))}
        <a className="area" href="#errors">
          Errors
        </a>
        <a className="area" href="/v1/docs/events">
          Webhook events
        </a>
      </nav>
      <main id="top">
        <h1>{info.title}</h1>
        <Paragraphs text={info.description} />
        <p>
          What webhooks carry is on a page of its own: <a href="/v1/docs/events">webhook events</a>. For
          generators and test tools: <a href="/v1/openapi.json">OpenAPI 3.1</a> and, for the webhooks,{" "}
          <a href="/v1/asyncapi.json">AsyncAPI 3</a>.
        </p>
        {areas.map(({ name, description, operations: held }) => (
          <section key={name} id={name}>
            <h2>{titled(name)}</h2>
            <p>{description}</p>
            {held.map((one) => (
              <OperationCard key={one.operation.operationId} origin={origin} {...one} />
            ))}
          </section>
        ))}
        <section id="errors">
          <h2>Errors</h2>
          <p>The document of every answer from 400 on. Each operation lists its codes.</p>
          <Fields title="Error document" rows={schemaRows(components.schemas.Problem)} />
        </section>
      </main>
    </div>
  );
}
