// Shopify's offline sessions in Postgres: access and refresh token in one row, sealed, written together.
//
// Our own storage, since Shopify's for Prisma loads only with a client generated into node_modules.
import { Session } from "@shopify/shopify-api";
import { prisma } from "../platform/db.server.ts";
import { open, seal } from "../platform/secrets.server.ts";

/** One offline session per shop; a few more are tolerated of older days. */
const SESSIONS_OF_A_SHOP = 25;

type Row = NonNullable<Awaited<ReturnType<ReturnType<typeof prisma>["session"]["findUnique"]>>>;
type Slot = "access" | "refresh";

const sealed = (token: string | undefined, { shop, id }: Session, slot: Slot) =>
  token === undefined || token === "" ? null : seal(token, [shop, id, slot]);
const opened = (token: string | null, { shop, id }: Row, slot: Slot) =>
  token === null || token === "" ? null : open(token, [shop, id, slot]);

/** A token that no key opens reads as none: the next visit exchanges a new one. */
function sessionOf(row: Row): Session {
  const accessToken = opened(row.accessToken, row, "access");
  const refreshToken = opened(row.refreshToken, row, "refresh");
  return new Session({
    id: row.id,
    shop: row.shop,
    state: row.state,
    isOnline: false,
    ...(row.scope !== null && { scope: row.scope }),
    ...(row.expires !== null && { expires: row.expires }),
    ...(accessToken !== null && { accessToken }),
    ...(refreshToken !== null && { refreshToken }),
    ...(row.refreshTokenExpires !== null && { refreshTokenExpires: row.refreshTokenExpires }),
  });
}

/** What the library asks for. Only offline sessions are kept; nothing of a person is. */
export const sessions = {
  /**
   * Keeps a session, both tokens in one statement. A session that ends earlier than the one that is kept is dropped:
   * it lost a race against a younger token, or invalidates an older one.
   */
  async storeSession(session: Session): Promise<boolean> {
    if (session.isOnline) throw new Error("Only offline sessions are kept");
    const access = sealed(session.accessToken, session, "access") ?? "";
    const refresh = sealed(session.refreshToken, session, "refresh");
    await prisma().$executeRaw`
      INSERT INTO session (id, shop_id, state, is_online, scope, expires, access_token, refresh_token,
                           refresh_token_expires)
      VALUES (${session.id}, ${session.shop}, ${session.state}, false, ${session.scope ?? null},
              ${session.expires ?? null}, ${access}, ${refresh}, ${session.refreshTokenExpires ?? null})
      ON CONFLICT (id) DO UPDATE SET state = excluded.state, scope = excluded.scope, expires = excluded.expires,
        access_token = excluded.access_token, refresh_token = excluded.refresh_token,
        refresh_token_expires = excluded.refresh_token_expires
      WHERE session.expires IS NULL OR excluded.expires >= session.expires`;
    return true;
  },

  async loadSession(id: string): Promise<Session | undefined> {
    const row = await prisma().session.findUnique({ where: { id } });
    return row === null ? undefined : sessionOf(row);
  },

  async deleteSession(id: string): Promise<boolean> {
    await prisma().session.deleteMany({ where: { id } });
    return true;
  },

  async deleteSessions(ids: string[]): Promise<boolean> {
    await prisma().session.deleteMany({ where: { id: { in: ids } } });
    return true;
  },

  async findSessionsByShop(shop: string): Promise<Session[]> {
    const rows = await prisma().session.findMany({ where: { shop }, take: SESSIONS_OF_A_SHOP });
    return rows.map(sessionOf);
  },
};
