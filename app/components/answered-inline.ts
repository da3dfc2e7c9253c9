// What a form's own request answers when the action did not: a refusal on the page, with what was typed still there,
// instead of the end of the page.
import type { ClientActionFunctionArgs, ShouldRevalidateFunction } from "@remix-run/react";
import { refuse } from "../loyalty/refusal.ts";
import type { Refused } from "../loyalty/refusal.ts";

const UNAUTHORIZED = 401;

/**
 * A route's `clientAction`: the server's answer, or `session_over` (App Bridge has asked again with a new token by then)
 * or `app_unreachable`: no answer came, or one that the action did not give (a proxy's, a failure's). Any other Response
 * that is thrown, as a redirect, is thrown on.
 */
export async function answeredInline({ serverAction }: ClientActionFunctionArgs): Promise<unknown> {
  try {
    return await serverAction();
  } catch (thrown) {
    if (thrown instanceof Response && thrown.status === UNAUTHORIZED) return refuse("session_over");
    if (thrown instanceof Error) return refuse("app_unreachable");
    throw thrown;
  }
}

/**
 * A route's `shouldRevalidate` beside it: where the action did not answer, loaders would not either, and their failure is
 * the end of the page.
 */
export const unlessUnanswered: ShouldRevalidateFunction = ({ actionResult, defaultShouldRevalidate }) => {
  const refusal = (actionResult as Partial<Refused> | undefined)?.refusal;
  return refusal === "session_over" || refusal === "app_unreachable" ? false : defaultShouldRevalidate;
};
