// What a query costs, and the bucket it is paid from. The formula was fitted to 630 recorded costs of a real
// store (2026-04); 590 come out exactly, the others are introspection, @skip and unions. An object 1, a count
// 10, a mutation 10 and its payload's record nothing, a connection 2 + node × max(1, floor(2 ln first)).
import {
  getNamedType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type SelectionSetNode,
  isCompositeType,
  type GraphQLCompositeType,
  type OperationDefinitionNode,
} from "graphql";

const free = new Set(["PageInfo", "MoneyBag", "MoneyV2", "UserError"]);
/** Mutations recorded at more than 10. */
const dear: Record<string, number> = { fulfillmentTrackingInfoUpdate: 50, refundCreate: 20 };

/** What walking a document needs: `fragments` by name. */
export interface Walk {
  schema: GraphQLSchema;
  fragments: Map<string, FragmentDefinitionNode>;
  variables: Record<string, unknown>;
}

/** requestedQueryCost of one operation. */
export function queryCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  asked: { operation: OperationDefinitionNode; variables: Record<string, unknown> },
): number {
  const walk: Walk = { schema, fragments: new Map(), variables: asked.variables };
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) walk.fragments.set(definition.name.value, definition);
  }
  const { operation } = asked;
  const root = schema.getRootType(operation.operation);
  if (!root) return 0;
  if (operation.operation === "query") return selection(walk, operation.selectionSet, root);
  // Each mutation costs 10, its payload and the record in it nothing, what hangs below them as in a query.
  return fieldsOf(walk, operation.selectionSet, root).reduce((sum, { node, parent }) => {
    const payload = compositeOf(parent, node);
    const base = dear[node.name.value] ?? 10;
    if (!payload || !node.selectionSet) return sum + base;
    const below = fieldsOf(walk, node.selectionSet, payload).reduce((inner, one) => {
      const type = compositeOf(one.parent, one.node);
      return type && one.node.selectionSet && !/UserError/.test(type.name)
        ? inner + selection(walk, one.node.selectionSet, type)
        : inner;
    }, 0);
    return sum + base + below;
  }, 0);
}

/** The object, interface or union a field returns, lists unwrapped; null for scalars. */
export function compositeOf(parent: GraphQLCompositeType, node: FieldNode): GraphQLCompositeType | null {
  if (!("getFields" in parent)) return null;
  const field = parent.getFields()[node.name.value];
  const type = field ? getNamedType(field.type) : null;
  return isCompositeType(type) ? type : null;
}

/** The fields of a selection with its fragments spread out, each with the type it is asked of. */
export function fieldsOf(
  walk: Walk,
  set: SelectionSetNode,
  parent: GraphQLCompositeType,
): { node: FieldNode; parent: GraphQLCompositeType }[] {
  return set.selections.flatMap((one) => {
    if (one.kind === Kind.FIELD) return [{ node: one, parent }];
    const fragment = one.kind === Kind.FRAGMENT_SPREAD ? walk.fragments.get(one.name.value) : one;
    const name = fragment?.typeCondition?.name.value;
    const type = name ? walk.schema.getType(name) : parent;
    return fragment && isCompositeType(type) ? fieldsOf(walk, fragment.selectionSet, type) : [];
  });
}

function selection(walk: Walk, set: SelectionSetNode, parent: GraphQLCompositeType): number {
  return fieldsOf(walk, set, parent).reduce((sum, one) => sum + fieldCost(walk, one.node, one.parent), 0);
}

function fieldCost(walk: Walk, node: FieldNode, parent: GraphQLCompositeType): number {
  const type = compositeOf(parent, node);
  if (!type || !node.selectionSet || free.has(type.name) || /UserError/.test(type.name)) return 0;
  if (type.name === "Count") return 10;
  if (!type.name.endsWith("Connection")) return 1 + selection(walk, node.selectionSet, type);
  const size = pageSize(walk, node);
  const times = Math.max(1, Math.floor(2 * Math.log(size)));
  return 2 + times * Math.max(1, perNode(walk, node.selectionSet, type));
}

/** What one node of a connection costs: the node itself and below, whether asked as nodes or edges. */
function perNode(walk: Walk, set: SelectionSetNode, type: GraphQLCompositeType): number {
  let cost = 0;
  for (const one of fieldsOf(walk, set, type)) {
    const inner = compositeOf(one.parent, one.node);
    if (!inner || !one.node.selectionSet) continue;
    if (one.node.name.value === "nodes") cost += 1 + selection(walk, one.node.selectionSet, inner);
    if (one.node.name.value === "edges") cost += selection(walk, one.node.selectionSet, inner);
  }
  return cost;
}

function pageSize(walk: Walk, node: FieldNode): number {
  for (const argument of node.arguments ?? []) {
    if (argument.name.value !== "first" && argument.name.value !== "last") continue;
    if (argument.value.kind === Kind.INT) return Number(argument.value.value);
    if (argument.value.kind === Kind.VARIABLE) return Number(walk.variables[argument.value.name.value] ?? 1);
  }
  return 1;
}

/** Shopify's leaky bucket, one per app and shop, on the monotonic clock: a test's clock may stand still. */
export interface BucketSize {
  size: number;
  restorePerSecond: number;
}

/** A full bucket. */
export function createBucket({ size, restorePerSecond }: BucketSize) {
  let level = size;
  let at = performance.now();
  const fill = () => {
    const now = performance.now();
    level = Math.min(size, level + ((now - at) / 1000) * restorePerSecond);
    at = now;
  };
  return {
    /** Takes `cost` when it is there; false when the query must wait. */
    take(cost: number): boolean {
      fill();
      if (cost > level) return false;
      level -= cost;
      return true;
    },
    drain(): void {
      fill();
      level = 0;
    },
    status() {
      fill();
      return { maximumAvailable: size, currentlyAvailable: Math.floor(level), restoreRate: restorePerSecond };
    },
  };
}

/** What `createBucket` gives. */
export type Bucket = ReturnType<typeof createBucket>;
