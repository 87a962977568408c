// The inbox's INSERT as PostgreSQL's wire protocol has it. pg's own way of binding parameters copies each body about
// five times through buffers that grow from 256 bytes; at the door that was a third of the cost of an acknowledgement,
// most of it garbage collection (measured 2026-11-22). Here every body goes into the socket as it is.
// Source: PostgreSQL 18 documentation, "Message Formats": Parse, Bind, Execute, Sync.
import type { Connection, Pool, Submittable } from "pg";

/** One webhook as a row of the inbox; the body is sealed. */
export interface Delivery {
  shop: string;
  topic: string;
  webhookId: string;
  triggeredAt: string | null;
  body: Buffer;
}

/** What pg's client calls on a query of one's own. */
interface InsertQuery extends Submittable {
  query_timeout: number;
  callback: (error: Error | null) => void;
  handleError(error: Error): void;
  handleReadyForQuery(): void;
  handleCommandComplete(): void;
}

/** Writes these rows, but for those that are there already. Resolves after the commit. */
export async function insertDeliveries(db: Pool, rows: Delivery[], timeoutMs: number): Promise<void> {
  const client = await db.connect();
  let failure: Error | undefined;
  // A connection that breaks says so twice; the query hears it, and nobody else may take it for uncaught.
  const ignore = (): void => undefined;
  client.once("error", ignore);
  try {
    await new Promise<void>((resolve, reject) => {
      client.query(insertQuery(rows, { timeoutMs, done: (error) => (error ? reject(error) : resolve()) }));
    });
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.off("error", ignore);
    // With an error the pool closes the connection: what is on its way there is not known.
    client.release(failure);
  }
}

// Which numbers of rows a connection has a prepared statement for. A connection on which anything failed is closed,
// so what is noted here is true.
const prepared = new WeakMap<Connection, Set<number>>();

function insertQuery(
  rows: Delivery[],
  { timeoutMs, done }: { timeoutMs: number; done: InsertQuery["callback"] },
): InsertQuery {
  const query: InsertQuery = {
    // pg's own limit, so that a connection that hangs does not hold a batch for ever.
    query_timeout: timeoutMs,
    callback: done,
    submit: (connection) => {
      const name = `webhooks ${rows.length}`;
      const known = prepared.get(connection) ?? new Set();
      prepared.set(connection, known);
      connection.stream.cork();
      if (!known.has(rows.length)) connection.parse({ name, text: textFor(rows.length), types: [] }, true);
      known.add(rows.length);
      for (const piece of bind(name, rows)) connection.stream.write(piece);
      connection.stream.uncork();
    },
    // pg puts a callback of its own in place of ours, for its limit; so it is looked up when it is called.
    handleError: (error) => query.callback(error),
    handleReadyForQuery: () => query.callback(null),
    handleCommandComplete: () => undefined,
  };
  return query;
}

function textFor(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => {
    const at = index * 5;
    return `($${at + 1}, $${at + 2}, $${at + 3}, $${at + 4}, $${at + 5})`;
  });
  return `INSERT INTO "WebhookEvent" ("shop", "topic", "webhookId", "triggeredAt", "body") VALUES ${rows.join(", ")}
    ON CONFLICT ("shop", "topic", "webhookId") DO NOTHING`;
}

// Execute of the unnamed portal without a row limit, then Sync.
const executeAndSync = Buffer.from(
  "E\u0000\u0000\u0000\u0009\u0000\u0000\u0000\u0000\u0000S\u0000\u0000\u0000\u0004",
  "latin1",
);

/** Bind of one prepared statement to its rows, all parameters binary: a text's binary form is the text. */
function* bind(name: string, rows: Delivery[]): Generator<Buffer> {
  const parameters = rows.length * 5;
  const head = Buffer.allocUnsafe(1 + 4 + 1 + name.length + 1 + 2 + 2 + 2);
  let size = head.length - 1 + 2;
  const fields = rows.map((row) => {
    const texts = fieldsOf(row);
    size += texts.length + row.body.length;
    return texts;
  });
  let at = head.write("B", 0, "latin1");
  at = head.writeInt32BE(size, at);
  at = head.writeUInt8(0, at);
  at += head.write(`${name}\u0000`, at, "latin1");
  at = head.writeInt16BE(1, at); // one format code for all parameters …
  at = head.writeInt16BE(1, at); // … binary
  head.writeInt16BE(parameters, at);
  yield head;
  for (const [index, row] of rows.entries()) {
    const texts = fields[index];
    if (texts) yield texts;
    yield row.body;
  }
  yield noResults;
  yield executeAndSync;
}

const noResults = Buffer.alloc(2);

// The four texts of a row and the length of its body.
function fieldsOf({ shop, topic, webhookId, triggeredAt, body }: Delivery): Buffer {
  // Header values are latin1, at most two bytes each as UTF-8.
  const most = 5 * 4 + 2 * (shop.length + topic.length + webhookId.length + (triggeredAt?.length ?? 0));
  const buffer = Buffer.allocUnsafe(most);
  let at = 0;
  for (const value of [shop, topic, webhookId, triggeredAt]) {
    const written = value === null ? 0 : buffer.write(value, at + 4);
    buffer.writeInt32BE(value === null ? -1 : written, at);
    at += 4 + written;
  }
  at = buffer.writeInt32BE(body.length, at);
  return buffer.subarray(0, at);
}
