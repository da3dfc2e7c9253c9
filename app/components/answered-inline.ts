// What a form's own request answers when it never reached the action: a refusal on the page, with what was typed still
// there, instead of the end of the page.
import type { ClientActionFunctionArgs } from "@remix-run/react";
import { refuse } from "../loyalty/refusal.ts";

const UNAUTHORIZED = 401;

/**
 * A route's `clientAction`: the server's answer, or `session_over` (App Bridge has asked again with a new token by then)
 * or `app_unreachable`. Whatever else is thrown is thrown on.
 */
export async function answeredInline({ serverAction }: ClientActionFunctionArgs): Promise<unknown> {
  try {
    return await serverAction();
  } catch (thrown) {
    if (thrown instanceof Response && thrown.status === UNAUTHORIZED) return refuse("session_over");
    // What fetch throws where no answer came.
    if (thrown instanceof TypeError) return refuse("app_unreachable");
    throw thrown;
  }
}
