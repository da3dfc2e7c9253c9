// Carries out an operation: a write in one transaction, and once for its Idempotency-Key.
import { accept } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { inShop } from "../platform/db.server.ts";
import type { Within } from "../platform/db.server.ts";
import { once, onceTaken } from "./idempotency.server.ts";
import type { Answered, Once } from "./idempotency.server.ts";
import type { Call, Operation } from "./operation.ts";
import { CONFLICT, faultAt, problemOf, statusOf, TOO_MANY } from "./problem.ts";

/** A call as it was read; `bodyAt` is where in what was sent the body stood: `data.attributes.`, or "". */
export type ReadCall = Call & { readonly bodyAt: string };

/** Runs the operation, or finds the answer that its key has; `replayed` says which, where there is a key. */
export async function carryOut(
  operation: Operation,
  call: ReadCall,
  asked: Once | null,
): Promise<Result<Answered & { readonly replayed?: boolean }>> {
  const { method, seenAt } = operation;
  const refused = (await operation.ask?.(call)) ?? null;
  const work = async (within: Within) =>
    refused === null
      ? told(operation, call, await operation.run({ ...call, within }))
      : { ...told(operation, call, refused), isPassing: true };
  const alone = () => work(call.shopId);
  if (method === "GET") return accept(await alone());
  if (seenAt !== undefined) return asked === null ? accept(await alone()) : onceTaken(asked, alone);
  return asked === null ? accept(await inShop(call.shopId, work)) : once(asked, work);
}

function told(operation: Operation, { bodyAt }: ReadCall, done: Result<unknown>): Answered {
  if (done.ok) return { status: operation.status, body: JSON.stringify(done.value) };
  const status = statusOf(done.refusal);
  const isPassing = status === CONFLICT || status === TOO_MANY;
  return { status, body: JSON.stringify(problemOf([faultAt(bodyAt, done)])), isPassing };
}
