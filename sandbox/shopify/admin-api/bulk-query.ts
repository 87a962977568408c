// A query on its way into a bulk operation: checked as Shopify checks it, with the refusals recorded from a real
// store (2026-04), and read for which connections lie in which.
import {
  GraphQLError,
  isListType,
  isNonNullType,
  Kind,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
} from "graphql";
import { adminSchema } from "../schema.ts";
import { compositeOf, fieldsOf, type Walk } from "./cost.ts";

/** One connection: `path` are the response keys that lead to it from the node around it. */
export interface Nest {
  path: string[];
  within: Nest[];
}

/** A query that may be run: `field` and `args` are those of its one root connection. */
export interface BulkQuery {
  document: DocumentNode;
  field: string;
  args: Record<string, unknown>;
  root: Nest;
}

interface Found {
  connections: number;
  deepest: number;
  nodesInsteadOfEdges: string[];
  withoutId: string[];
  inList: boolean;
}

interface At {
  path: string[];
  depth: number;
  inList: boolean;
}

interface Field {
  node: FieldNode;
  parent: GraphQLCompositeType;
}

/** The query, or Shopify's sentences why it will not run it. */
export function readBulkQuery(text: string): BulkQuery | { refused: string[] } {
  let document: DocumentNode;
  try {
    document = parse(text);
  } catch (error) {
    return { refused: [`Invalid bulk query: ${syntaxError(error)}`] };
  }
  const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
  if (operation?.operation !== "query") {
    return { refused: ["Invalid operation type. Only `query` operations are supported."] };
  }
  const schema = adminSchema();
  const [invalid] = validate(schema, document, specifiedRules);
  const queryRoot = schema.getQueryType();
  if (invalid || !queryRoot) return { refused: [`Invalid bulk query: ${invalid?.message ?? ""}`] };

  const walk: Walk = { schema, fragments: new Map(), variables: {} };
  for (const one of document.definitions) {
    if (one.kind === Kind.FRAGMENT_DEFINITION) walk.fragments.set(one.name.value, one);
  }
  const top = fieldsOf(walk, operation.selectionSet, queryRoot);
  const found: Found = {
    connections: 0,
    deepest: 0,
    nodesInsteadOfEdges: [],
    withoutId: [],
    inList: false,
  };
  const nests = nestsIn(walk, { fields: top, found }, { path: [], depth: 0, inList: false });
  const refused = refusals(found, top);
  if (refused.length > 0) return { refused };
  const [root] = nests;
  const [first] = top;
  if (!root || !first || top.length > 1 || root.path.length > 1) {
    throw new GraphQLError("The sandbox runs bulk queries over one root connection only.", {
      extensions: { code: "SANDBOX_UNKNOWN_FIELD" },
    });
  }
  return { document, field: first.node.name.value, args: argumentsOf(first.node), root };
}

function refusals(found: Found, top: Field[]): string[] {
  const nodes = found.nodesInsteadOfEdges.join("', '");
  const byId = top.find(({ node }) => node.name.value === "node" || node.name.value === "nodes");
  return [
    nodes &&
      `All connection fields in a bulk query must select their contents using 'edges' > 'node', e.g: 'products { edges { node {'. Selecting via 'nodes' is not supported. Invalid connection fields: '${nodes}'.`,
    byId && `Bulk queries cannot contain a top level \`${byId.node.name.value}\` field.`,
    found.deepest > 2 && "Bulk queries cannot contain connections with a nesting depth greater than 2.",
    found.connections > 5 && "Bulk queries cannot contain more than 5 connections.",
    found.withoutId.length > 0 &&
      `The parent 'node' field for a nested connection must select the 'id' field without an alias and must be of 'ID' return type. Connection fields without 'id': ${found.withoutId.join(", ")}.`,
    found.inList &&
      "Queries that contain a connection field within a list field are not currently supported.",
    found.connections === 0 && "Bulk queries must contain at least one connection.",
  ].filter((sentence) => typeof sentence === "string" && sentence !== "") as string[];
}

/** The connections below `fields`, however many plain objects lie between. */
function nestsIn(walk: Walk, { fields, found }: { fields: Field[]; found: Found }, at: At): Nest[] {
  return fields.flatMap((field) => {
    const type = compositeOf(field.parent, field.node);
    if (!type || !field.node.selectionSet) return [];
    const path = [...at.path, (field.node.alias ?? field.node.name).value];
    if (type.name.endsWith("Connection")) {
      return [{ path, within: nestsOfConnection(walk, { field, type, found }, at) }];
    }
    const inner = fieldsOf(walk, field.node.selectionSet, type);
    return nestsIn(walk, { fields: inner, found }, { ...at, path, inList: at.inList || isList(field) });
  });
}

function nestsOfConnection(
  walk: Walk,
  { field, type, found }: { field: Field; type: GraphQLCompositeType; found: Found },
  { depth, inList }: At,
): Nest[] {
  const name = field.node.name.value;
  found.connections += 1;
  found.deepest = Math.max(found.deepest, depth);
  found.inList ||= inList;
  const asked = selected(walk, field.node, type);
  if (asked.some(({ node }) => node.name.value === "nodes")) found.nodesInsteadOfEdges.push(name);
  const inner = asked
    .filter(({ node }) => node.name.value === "edges")
    .flatMap(({ node, parent }) => selected(walk, node, compositeOf(parent, node)))
    .filter(({ node }) => node.name.value === "node")
    .flatMap(({ node, parent }) => selected(walk, node, compositeOf(parent, node)));
  const within = nestsIn(walk, { fields: inner, found }, { path: [], depth: depth + 1, inList: false });
  const hasId = inner.some(({ node }) => node.name.value === "id" && !node.alias);
  if (within.length > 0 && !hasId) found.withoutId.push(name);
  return within;
}

function selected(walk: Walk, node: FieldNode, type: GraphQLCompositeType | null): Field[] {
  return type && node.selectionSet ? fieldsOf(walk, node.selectionSet, type) : [];
}

function isList({ node, parent }: Field): boolean {
  const type = "getFields" in parent ? parent.getFields()[node.name.value]?.type : undefined;
  return isListType(isNonNullType(type) ? type.ofType : type);
}

/** Literal arguments of the root connection; a bulk query has no variables, and its page arguments do not count. */
function argumentsOf(node: FieldNode): Record<string, unknown> {
  const given = (node.arguments ?? []).flatMap(({ name, value }) => {
    if (value.kind === Kind.STRING || value.kind === Kind.ENUM) return [[name.value, value.value]];
    return value.kind === Kind.BOOLEAN ? [[name.value, value.value]] : [];
  });
  return Object.fromEntries(given) as Record<string, unknown>;
}

function syntaxError(error: unknown): string {
  const message = error instanceof Error ? error.message : "";
  if (message.includes("<EOF>")) return "syntax error, unexpected end of file";
  return message.replace(/^Syntax Error: /, "syntax error, ");
}
