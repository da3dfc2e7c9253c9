// Reads REDIS_URL: a single Redis, one that Sentinels watch, or a Cluster; with TLS, users and passwords for each.
import type { ClusterOptions, RedisOptions } from "ioredis";

type Node = { host: string; port: number };

export type RedisAddress =
  | { form: "single"; address: string }
  | { form: "sentinel"; options: RedisOptions }
  | { form: "cluster"; nodes: Node[]; options: RedisOptions; cluster: ClusterOptions };

const FORM = /^(rediss?)\+(sentinel|cluster):\/\/(?:([^@]*)@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/;
const HOST = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/;
const SENTINEL_PORT = 26_379;
const PORT = 6_379;
const USUAL_MASTER = "mymaster";

/**
 * `redis+sentinel://user:password@host:port,host:port/master` and `redis+cluster://user:password@host:port,…`, each with
 * `rediss+…` for TLS; `?sentinel_user=…&sentinel_password=…` are the Sentinels' own. What is none of them is left to
 * ioredis, which knows `redis://` and `rediss://`. User names and passwords are percent-encoded, as in any URL.
 */
export function readRedisAddress(address: string): RedisAddress {
  const [, scheme, form, credentials, hosts = "", path, query] = FORM.exec(address) ?? [];
  if (form === undefined) return { form: "single", address };
  const options = { ...login(credentials), ...(scheme === "rediss" ? { tls: {} } : {}) };
  if (form === "cluster") {
    // Under TLS a node keeps its name, which its certificate is for.
    const cluster: ClusterOptions =
      scheme === "rediss" ? { dnsLookup: (name, found) => found(null, name) } : {};
    return { form: "cluster", nodes: nodesOf(hosts, PORT), options, cluster };
  }
  return {
    form: "sentinel",
    options: {
      ...options,
      sentinels: nodesOf(hosts, SENTINEL_PORT),
      name: path === undefined || path === "" ? USUAL_MASTER : path,
      ...sentinelLogin(new URLSearchParams(query)),
      ...(scheme === "rediss" ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
    },
  };
}

function login(credentials = ""): RedisOptions {
  const [username = "", ...rest] = credentials.split(":");
  const password = rest.join(":");
  return {
    ...(username === "" ? {} : { username: decodeURIComponent(username) }),
    ...(password === "" ? {} : { password: decodeURIComponent(password) }),
  };
}

function sentinelLogin(query: URLSearchParams): RedisOptions {
  const [sentinelUsername, sentinelPassword] = [query.get("sentinel_user"), query.get("sentinel_password")];
  return {
    ...(sentinelUsername === null ? {} : { sentinelUsername }),
    ...(sentinelPassword === null ? {} : { sentinelPassword }),
  };
}

const nodesOf = (hosts: string, usualPort: number): Node[] =>
  hosts.split(",").map((text) => {
    const [, bracketed, plain, port] = HOST.exec(text) ?? [];
    return { host: bracketed ?? plain ?? text, port: Number(port ?? usualPort) };
  });
