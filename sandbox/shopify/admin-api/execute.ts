// One GraphQL request, executed on Shopify's real schema: parsed, validated, priced, checked against the
// granted scopes, then resolved from the shop's memory. Errors are worded as Shopify words them.
import {
  GraphQLError,
  Kind,
  execute,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type FieldNode,
  type GraphQLFieldResolver,
  getNamedType,
  type OperationDefinitionNode,
} from "graphql";
import { adminSchema } from "../schema.ts";
import { missingScopes } from "../scopes.ts";
import type { Store } from "../store.ts";
import { queryCost, type Bucket } from "./cost.ts";
import { mutations } from "./mutations.ts";
import type { AdminContext } from "./nodes.ts";
import { queries } from "./queries.ts";

/** The parsed body of a request. */
export interface AdminCall {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | null;
}

/** A request that passed every check and may be executed, or the errors that stop it. */
export type Prepared =
  | { document: DocumentNode; operation: OperationDefinitionNode; roots: string[]; cost: number }
  | { errors: unknown[] };

interface Checked {
  document: DocumentNode;
  errors: GraphQLError[];
}

// Apps send the same few documents over and over; validating one takes 1–40 ms.
const known = new Map<string, Checked>();

function check(query: string): Checked {
  const seen = known.get(query);
  if (seen) return seen;
  if (known.size > 500) known.clear();
  const document = parse(query);
  const checked = { document, errors: [...validate(adminSchema(), document, specifiedRules)] };
  known.set(query, checked);
  return checked;
}

/** Parses, validates and prices a request; nothing takes effect yet. */
export function prepare(call: AdminCall): Prepared {
  let checked: Checked;
  try {
    checked = check(call.query);
  } catch (error) {
    return { errors: [{ message: error instanceof Error ? error.message : "syntax error" }] };
  }
  const operations = checked.document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  const operation = call.operationName
    ? operations.find((one) => one.name?.value === call.operationName)
    : operations[0];
  if (checked.errors.length > 0) {
    return { errors: checked.errors.map((error) => shopifyError(error, operation)) };
  }
  if (!operation || (operations.length > 1 && !call.operationName)) {
    return { errors: [{ message: "An operation name is required" }] };
  }
  const roots = operation.selectionSet.selections.flatMap((one) =>
    one.kind === Kind.FIELD ? [one.name.value] : [],
  );
  const { document } = checked;
  const cost = queryCost(adminSchema(), document, { operation, variables: call.variables });
  return { document, operation, roots, cost };
}

/** graphql-js's wording of an unknown field, turned into Shopify's; other messages stay. */
function shopifyError(error: GraphQLError, operation: OperationDefinitionNode | undefined): unknown {
  const plain = { message: error.message, locations: error.locations };
  const unknown = /^Cannot query field "(\w+)" on type "(\w+)"/.exec(error.message);
  if (!unknown) return plain;
  const [, fieldName = "", typeName = ""] = unknown;
  const named = operation ? [`${operation.operation} ${operation.name?.value ?? ""}`.trim()] : [];
  return {
    ...plain,
    message: `Field '${fieldName}' doesn't exist on type '${typeName}'`,
    path: [...named, fieldName],
    extensions: { code: "undefinedField", typeName, fieldName },
  };
}

/** Runs a prepared request. Mutations take effect here, in the order they are written. */
export async function run(
  prepared: Exclude<Prepared, { errors: unknown[] }>,
  asked: { call: AdminCall; store: Store; context: AdminContext; bucket: Bucket },
): Promise<Record<string, unknown>> {
  const { call, store, context, bucket } = asked;
  const rootValue =
    prepared.operation.operation === "mutation" ? mutations(store, context) : queries(store, context);
  const result = await execute({
    schema: adminSchema(),
    document: prepared.document,
    rootValue,
    contextValue: context,
    variableValues: call.variables,
    operationName: prepared.operation.name?.value,
    fieldResolver: resolver(prepared.document, context),
  });
  return {
    ...(result.errors ? { errors: result.errors.map(withCode) } : {}),
    ...(result.data === undefined ? {} : { data: result.data }),
    extensions: { cost: costExtension(prepared.cost, bucket) },
  };
}

/** Resolves from the node itself, refusing what no granted scope opens. `whole` reads connections to their end. */
export function resolver(
  document: DocumentNode,
  context: AdminContext,
  whole = false,
): GraphQLFieldResolver<Record<string, unknown>, unknown> {
  const closed = new Map<FieldNode, string>(
    missingScopes(adminSchema(), document, context.scopes).map((gap) => [gap.node, gap.access.sentence]),
  );
  return (source, args, _context, info) => {
    const sentence = info.fieldNodes[0] ? closed.get(info.fieldNodes[0]) : undefined;
    if (sentence !== undefined) throw denied(info.fieldName, sentence);
    const value = source[info.fieldName];
    if (value === undefined) {
      throw new GraphQLError(`The sandbox does not answer ${info.parentType.name}.${info.fieldName}.`, {
        extensions: { code: "SANDBOX_UNKNOWN_FIELD" },
      });
    }
    if (typeof value !== "function") return value;
    const connected = whole && getNamedType(info.returnType).name.endsWith("Connection");
    return (value as (given: unknown) => unknown)(connected ? { ...args, whole } : args);
  };
}

function denied(field: string, sentence: string): GraphQLError {
  return new GraphQLError(`Access denied for ${field} field. Required access: ${sentence}`, {
    extensions: {
      code: "ACCESS_DENIED",
      documentation: "https://shopify.dev/api/usage/access-scopes",
      requiredAccess: sentence,
    },
  });
}

function withCode(error: GraphQLError): unknown {
  // A variable of the wrong type is found only now; Shopify names that INVALID_VARIABLE.
  const variable = error.message.startsWith("Variable ") && !error.extensions["code"];
  const json = error.toJSON();
  return variable ? { ...json, extensions: { code: "INVALID_VARIABLE" } } : json;
}

/** The actual cost is reported as the requested one: nothing here depends on the difference. */
export function costExtension(cost: number, bucket: Bucket): Record<string, unknown> {
  return { requestedQueryCost: cost, actualQueryCost: cost, throttleStatus: bucket.status() };
}
