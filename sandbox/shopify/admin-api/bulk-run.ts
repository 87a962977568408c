// A bulk operation at work: the query is executed on the schema a page of root nodes at a time, and every node
// becomes one line of JSON, its children lines of their own that name it in `__parentId`.
import { execute, type ExecutionResult } from "graphql";
import { adminSchema } from "../schema.ts";
import type { Store } from "../store.ts";
import type { BulkQuery, Nest } from "./bulk-query.ts";
import { resolver } from "./execute.ts";
import type { AdminContext, Node, WholeConnection } from "./nodes.ts";
import { queries } from "./queries.ts";

/** Lines of one page, and how many nodes they are. */
export interface BulkPage {
  text: string;
  objects: number;
  roots: number;
}

/** Why the rest of the file is missing. */
export interface BulkFailure {
  errorCode: "ACCESS_DENIED" | "INTERNAL_SERVER_ERROR";
  reason: string;
}

type Row = Record<string, unknown>;
interface Entry {
  node: Row;
  nest: Nest;
  parentId: unknown;
}

const pageSize = 100;

/**
 * The lines of a query's answer about the first `upTo` root objects, page by page, or the failure that ends it. Grouped: children directly below their
 * parent. Otherwise only after it, each kind in its order, as shopify.dev promises for `groupObjects: false`: here
 * all products of a page come first, then their variants, so that nobody takes adjacency for granted.
 */
export async function* bulkPages(
  asked: { query: BulkQuery; groupObjects: boolean; upTo: number },
  world: { store: Store; context: AdminContext },
): AsyncGenerator<BulkPage | BulkFailure> {
  const { query, groupObjects, upTo } = asked;
  const { items, toNode } = wholeRoot(query, world);
  const end = Math.min(items.length, upTo);
  const fieldResolver = resolver(query.document, world.context, true);
  for (let from = 0; from < end; from += pageSize) {
    const page = items.slice(from, Math.min(from + pageSize, end));
    const edges = page.map((item) => ({ node: toNode(item), cursor: item.id }));
    const result = await execute({
      schema: adminSchema(),
      document: query.document,
      rootValue: { [query.field]: { edges } },
      fieldResolver,
    });
    const failure = failureOf(result);
    if (failure) {
      yield failure;
      return;
    }
    const roots = take(result.data as Row, query.root).map((node) => ({
      node,
      nest: query.root,
      parentId: undefined,
    }));
    const lines = groupObjects ? roots.flatMap(grouped) : byKind(roots);
    yield { text: lines.map((line) => `${line}\n`).join(""), objects: lines.length, roots: roots.length };
  }
}

/** The root connection's records, chosen and sorted by its arguments, their nodes not made yet. */
function wholeRoot(query: BulkQuery, { store, context }: { store: Store; context: AdminContext }) {
  const fields = queries(store, context);
  const field = fields[query.field];
  if (typeof field !== "function") throw new Error(`The sandbox does not answer QueryRoot.${query.field}.`);
  return (field as (args: unknown) => WholeConnection)({ ...query.args, whole: true });
}

function failureOf(result: ExecutionResult): BulkFailure | null {
  const [first] = result.errors ?? [];
  if (!first) return null;
  const denied = first.extensions["code"] === "ACCESS_DENIED";
  return { errorCode: denied ? "ACCESS_DENIED" : "INTERNAL_SERVER_ERROR", reason: first.message };
}

/** Takes a connection out of the node it lies in, and gives its nodes. */
function take(node: Row, nest: Nest): Row[] {
  let holder: unknown = node;
  for (const key of nest.path.slice(0, -1)) holder = isRow(holder) ? holder[key] : null;
  const last = nest.path.at(-1) ?? "";
  if (!isRow(holder)) return [];
  const connection = holder[last];
  Reflect.deleteProperty(holder, last);
  const edges = isRow(connection) && Array.isArray(connection["edges"]) ? connection["edges"] : [];
  return (edges as Node[]).map((edge) => edge["node"]).filter(isRow);
}

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null;
}

function childrenOf({ node, nest }: Entry): Entry[] {
  return nest.within.flatMap((inner) =>
    take(node, inner).map((child) => ({ node: child, nest: inner, parentId: node["id"] })),
  );
}

function lineOf({ node, parentId }: Entry): string {
  return JSON.stringify(parentId === undefined ? node : { ...node, __parentId: parentId });
}

function grouped(entry: Entry): string[] {
  const children = childrenOf(entry);
  return [lineOf(entry), ...children.flatMap(grouped)];
}

function byKind(level: Entry[]): string[] {
  const below = new Map<Nest, Entry[]>();
  for (const child of level.flatMap(childrenOf)) {
    below.set(child.nest, [...(below.get(child.nest) ?? []), child]);
  }
  return [...level.map(lineOf), ...[...below.values()].flatMap(byKind)];
}
