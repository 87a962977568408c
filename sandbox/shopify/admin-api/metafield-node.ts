// Metafields of any record: read by name, listed, and written up to 25 at a time.
import { createHash } from "node:crypto";
import { gid } from "../ids.ts";
import { timestamp, type Store } from "../store.ts";
import type { MetafieldRecord } from "../types.ts";
import { connection, type Node, type PageArgs } from "./nodes.ts";

/** Shopify gives an app namespaces of its own when it says "$app", "$app:name" or nothing. */
export function namespaceOf(given: string | null | undefined): string {
  const own = "app--580111";
  return given ? given.replace(/^\$app:/, `${own}--`).replace(/^\$app$/, own) : own;
}

function find(store: Store, of: { ownerId: string; namespace?: string | null; key: string }) {
  return store.metafields.get(of.ownerId)?.get(`${namespaceOf(of.namespace)}.${of.key}`);
}

/** `metafield` and `metafields` of one owner, to spread into its node. */
export function metafieldFields(store: Store, ownerId: string): Node {
  return {
    metafield: (args: { namespace?: string | null; key: string }) => {
      const found = find(store, { ...args, ownerId });
      return found ? metafieldNode(found) : null;
    },
    metafields: (args: PageArgs & { namespace?: string | null }) => {
      const all = [...(store.metafields.get(ownerId)?.values() ?? [])].filter(
        (one) => !args.namespace || one.namespace === namespaceOf(args.namespace),
      );
      return connection(all, args, metafieldNode);
    },
  };
}

function metafieldNode(record: MetafieldRecord): Node {
  return {
    __typename: "Metafield",
    id: gid("Metafield", record.id),
    legacyResourceId: record.id,
    namespace: record.namespace,
    key: record.key,
    type: record.type,
    value: record.value,
    jsonValue: readJson(record),
    ownerType: /shopify\/(\w+)\//.exec(record.ownerId)?.[1]?.toUpperCase() ?? "SHOP",
    sizeInBytes: Buffer.byteLength(record.value),
    compareDigest: createHash("sha256").update(record.value).digest("hex"),
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
  };
}

function readJson({ type, value }: MetafieldRecord): unknown {
  if (!/json|list|number|boolean/.test(type)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** MetafieldsSetInput, the parts that are kept. */
export interface MetafieldInput {
  ownerId: string;
  namespace?: string | null;
  key: string;
  type?: string | null | undefined;
  value: string;
}

/** metafieldsSet: all or nothing, at most 25. */
export function setMetafields(store: Store, inputs: MetafieldInput[]): Node {
  const refuse = (message: string, code: string, elementIndex: number | null) => ({
    metafields: null,
    userErrors: [{ field: ["metafields"], message, code, elementIndex }],
  });
  if (inputs.length > 25)
    return refuse("Exceeded the maximum metafields input limit of 25.", "LESS_THAN_OR_EQUAL_TO", null);
  for (const [n, input] of inputs.entries()) {
    const known = find(store, input);
    if (!input.type && !known) return refuse("Type can't be blank", "BLANK", n);
    if (!input.value) return refuse("Value can't be blank", "BLANK", n);
  }
  const at = timestamp(store.now());
  const metafields = inputs.map((input) => {
    return metafieldNode(keepMetafield(store, input, at));
  });
  return { metafields, userErrors: [] };
}

/** Writes one metafield down, `at` a timestamp. Checks nothing: that is `setMetafields`. */
export function keepMetafield(store: Store, input: MetafieldInput, at: string): MetafieldRecord {
  const known = find(store, input);
  const namespace = namespaceOf(input.namespace);
  const record: MetafieldRecord = {
    id: known?.id ?? store.ids.other(),
    ownerId: input.ownerId,
    namespace,
    key: input.key,
    type: input.type ?? known?.type ?? "single_line_text_field",
    value: input.value,
    createdAt: known?.createdAt ?? at,
    updatedAt: at,
  };
  const owned = store.metafields.get(input.ownerId) ?? new Map<string, MetafieldRecord>();
  store.metafields.set(input.ownerId, owned.set(`${namespace}.${input.key}`, record));
  return record;
}
