// What the app tells Shopify about itself: the parts of shopify.app.toml that Shopify acts on.
import { readFile } from "node:fs/promises";
import { parse } from "smol-toml";
import { z } from "zod";

const subscription = z.object({
  topics: z.array(z.string()).default([]),
  compliance_topics: z.array(z.string()).default([]),
  uri: z.string(),
  include_fields: z.array(z.string()).optional(),
});
const file = z.object({
  handle: z.string().default("laurel"),
  name: z.string().default("Laurel"),
  access_scopes: z.object({ scopes: z.string() }),
  webhooks: z.object({ api_version: z.string(), subscriptions: z.array(subscription).default([]) }),
  app_proxy: z.object({ url: z.string(), subpath: z.string(), prefix: z.string() }).optional(),
});

export type TopicSubscription = { topic: string; uri: string; includeFields: string[] | undefined };
export type AppConfig = {
  handle: string;
  name: string;
  scopes: string;
  apiVersion: string;
  topics: TopicSubscription[];
  proxy: { url: string; subpath: string; prefix: string } | undefined;
};

/** Reads the text of a shopify.app.toml; throws where Shopify's own parser would refuse it. */
export function appConfigOf(toml: string): AppConfig {
  const config = file.parse(parse(toml));
  return {
    handle: config.handle,
    name: config.name,
    scopes: config.access_scopes.scopes,
    apiVersion: config.webhooks.api_version,
    topics: config.webhooks.subscriptions.flatMap(({ topics, compliance_topics, uri, include_fields }) =>
      [...topics, ...compliance_topics].map((topic) => ({ topic, uri, includeFields: include_fields })),
    ),
    proxy: config.app_proxy,
  };
}

export const readAppConfig = async (path: string | URL): Promise<AppConfig> =>
  appConfigOf(await readFile(path, "utf8"));
