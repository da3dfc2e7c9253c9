// Every fault, by what it strikes. A group runs one after the other in a process of its own.
import type { Fault } from "./fault.ts";
import { ENDPOINT_FAULTS } from "./endpoint-faults.ts";
import { POSTGRES_FAULTS } from "./postgres-faults.ts";
import { REDIS_FAULTS } from "./redis-faults.ts";
import { WEB_FAULTS } from "./web-faults.ts";
import { WORKER_FAULTS } from "./worker-faults.ts";

export const GROUPS = {
  worker: WORKER_FAULTS,
  web: WEB_FAULTS,
  endpoint: ENDPOINT_FAULTS,
  postgres: POSTGRES_FAULTS,
  redis: REDIS_FAULTS,
} as const satisfies Record<string, readonly Fault[]>;

export type Group = keyof typeof GROUPS;
export const GROUP_NAMES = Object.keys(GROUPS) as Group[];
