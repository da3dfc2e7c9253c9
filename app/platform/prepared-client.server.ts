// A `pg` client that prepares what it runs, since an order's statements cost more to plan than to run, and that sends
// in one piece what is asked in one go.
import type { Socket } from "node:net";
import pg from "pg";

/** Texts that are prepared on each connection; beyond that a text is planned each time, so that nothing grows. */
const MAX_PREPARED = 300;

const names = new Map<string, string>();

/** The name under which a text is prepared, the same on every connection; none once there are too many texts. */
function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= MAX_PREPARED) return known;
  const name = `laurel_${names.size}`;
  names.set(text, name);
  return name;
}

type Query = { text: string; values: unknown[]; name?: string };

function isQuery(value: unknown): value is Query {
  return (
    typeof value === "object" &&
    value !== null &&
    "text" in value &&
    "values" in value &&
    !("submit" in value)
  );
}

type Wire = { readonly connection: { readonly stream: Socket } };

/** Names every query with parameters that comes without a name of its own. */
export class PreparedClient extends pg.Client {
  private isGathering = false;

  constructor(config?: pg.ClientConfig) {
    super(config);
    // Whoever waits for a statement hears of a lost connection by it; without a listener the process would end.
    this.on("error", () => undefined);
  }

  override query: pg.Client["query"] = (...args: unknown[]) => {
    const [query] = args;
    if (isQuery(query) && query.values.length > 0 && query.name === undefined) {
      const name = nameOf(query.text);
      if (name !== undefined) query.name = name;
    }
    this.gather();
    return (super.query as (...all: unknown[]) => never)(...args);
  };

  /** Gives the connection up in the midst of whatever it does; statements under way fail. */
  abandon(): void {
    this.stream().destroy();
  }

  // Each write is a call to the system, which costs as much as the statement.
  private gather(): void {
    if (this.isGathering) return;
    this.isGathering = true;
    const stream = this.stream();
    stream.cork();
    process.nextTick(() => {
      this.isGathering = false;
      stream.uncork();
    });
  }

  private stream(): Socket {
    return (this as unknown as Wire).connection.stream;
  }
}
