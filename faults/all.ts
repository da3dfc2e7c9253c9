// Every fault, as the table of a run has them.
import { ENDPOINT_FAULTS } from "./endpoint-faults.ts";
import type { Fault } from "./fault.ts";
import { POSTGRES_FAULTS } from "./postgres-faults.ts";
import { REDIS_FAULTS } from "./redis-faults.ts";
import { WEB_FAULTS } from "./web-faults.ts";
import { WORKER_FAULTS } from "./worker-faults.ts";

export const FAULTS: readonly Fault[] = [
  ...WORKER_FAULTS,
  ...WEB_FAULTS,
  ...ENDPOINT_FAULTS,
  ...POSTGRES_FAULTS,
  ...REDIS_FAULTS,
];
