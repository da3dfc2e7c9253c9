// The limit that a drain stands beside: a bare undici POST loop that sends a delivery's own request, signed once.
import { Pool } from "undici";
import { exampleEnvelope } from "../../app/events/envelope.ts";
import { now } from "../../app/platform/clock.server.ts";
import { makeRequest } from "../../app/webhooks/request.server.ts";
import { STANDING_HEADERS } from "../../app/webhooks/send.server.ts";
import { newSecret, signingKey } from "../../app/webhooks/signature.server.ts";
import { measure } from "../figures.ts";
import { EVENT_TYPE } from "./shops.ts";

const AT_ONCE = 64;

/** Requests a second of so many, behind so many that warm the loop up. */
export async function barePosts(
  origin: string,
  { posts, warmUp }: { posts: number; warmUp: number },
): Promise<number> {
  const request = deliveredRequest(new URL("/healthy", origin));
  const pool = new Pool(origin, { connections: AT_ONCE });
  const post = async () => {
    const answer = await pool.request({ path: "/healthy", method: "POST", ...request });
    await answer.body.dump();
  };
  await measure(warmUp, AT_ONCE, post);
  const { perSecond } = await measure(posts, AT_ONCE, post);
  await pool.close();
  return perSecond;
}

function deliveredRequest(url: URL) {
  const envelope = exampleEnvelope(EVENT_TYPE);
  const request = makeRequest({ current: signingKey(newSecret()), next: null }, STANDING_HEADERS, {
    ...{ format: "laurel", url, id: String(envelope["id"]), type: EVENT_TYPE, attempt: 1, at: now() },
    stored: JSON.stringify(envelope),
  });
  if (request === null) throw new Error(`${EVENT_TYPE} is not in Laurel's own format`);
  return request;
}
