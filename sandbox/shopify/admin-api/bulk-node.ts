// Bulk operations in the Admin API: started, asked after and cancelled. Refusals carry Shopify's recorded words.
import type { BulkRecord } from "../bulk-operations.ts";
import { digits, gid } from "../ids.ts";
import type { Store } from "../store.ts";
import { readBulkQuery } from "./bulk-query.ts";
import { connection, type AdminContext, type Node, type PageArgs } from "./nodes.ts";
import { matches, readSearch } from "./search.ts";

/** currentBulkOperation (deprecated), bulkOperation and bulkOperations. */
export function bulkQueries(store: Store, { bulk }: AdminContext) {
  const newestFirst = () => [...bulk.of(store)].reverse();
  return {
    currentBulkOperation: ({ type }: { type: string }) => {
      const [newest] = newestFirst();
      return type === "QUERY" && newest ? bulkNode(bulk.urlOf, newest) : null;
    },
    bulkOperation: ({ id }: { id: string }) => {
      const found = bulk.find(store, digits("BulkOperation", id) ?? "");
      return found ? bulkNode(bulk.urlOf, found) : null;
    },
    bulkOperations: (args: PageArgs & { query?: string | null }) => {
      const terms = readSearch(args.query, ["id", "status", "operation_type", "created_at"]);
      const found = newestFirst().filter(({ id, status, createdAt }) =>
        matches(terms, { id, status: status.toLowerCase(), operation_type: "query", created_at: createdAt }),
      );
      return connection(found, args, (record) => bulkNode(bulk.urlOf, record));
    },
  };
}

/** bulkOperationRunQuery and bulkOperationCancel. Bulk mutations are not here: the app runs none. */
export function bulkMutations(store: Store, context: AdminContext): Node {
  const { bulk } = context;
  return {
    bulkOperationRunQuery: ({ query: text, groupObjects }: { query: string; groupObjects: boolean }) => {
      const refuse = (field: string[] | null, message: string, code: string) => ({ field, message, code });
      const query = readBulkQuery(text);
      if ("refused" in query) {
        const userErrors = query.refused.map((message) => refuse(["query"], message, "INVALID"));
        return { bulkOperation: null, userErrors };
      }
      const busy = bulk.busy(store);
      if (busy) {
        const id = gid("BulkOperation", busy.id);
        const message = `A bulk query operation for this app and shop is already in progress: ${id}.`;
        return { bulkOperation: null, userErrors: [refuse(null, message, "OPERATION_IN_PROGRESS")] };
      }
      const record = bulk.start({ store, context }, { text, query, groupObjects });
      return { bulkOperation: bulkNode(bulk.urlOf, record), userErrors: [] };
    },
    bulkOperationCancel: ({ id }: { id: string }) => {
      const record = bulk.find(store, digits("BulkOperation", id) ?? "");
      if (!record) {
        return {
          bulkOperation: null,
          userErrors: [{ field: ["id"], message: "Bulk operation does not exist" }],
        };
      }
      const over = !bulk.cancel(record);
      const message = `A bulk operation cannot be canceled when it is ${record.status.toLowerCase()}`;
      return {
        bulkOperation: bulkNode(bulk.urlOf, record),
        userErrors: over ? [{ field: null, message }] : [],
      };
    },
  };
}

/** Counts and sizes are text: the schema's UnsignedInt64. The values are those of the moment of asking. */
function bulkNode(urlOf: (record: BulkRecord) => string | null, record: BulkRecord): Node {
  const url = urlOf(record);
  const done = record.status === "COMPLETED";
  return {
    __typename: "BulkOperation",
    id: gid("BulkOperation", record.id),
    type: "QUERY",
    status: done && record.expired() ? "EXPIRED" : record.status,
    errorCode: record.errorCode,
    createdAt: record.createdAt,
    completedAt: done ? record.completedAt : null,
    objectCount: String(record.objectCount),
    rootObjectCount: String(record.rootObjectCount),
    fileSize: done && record.bytes > 0 ? String(record.bytes) : null,
    url: done ? url : null,
    partialDataUrl: record.status === "FAILED" ? url : null,
    query: record.text,
  };
}
