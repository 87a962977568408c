// Which access scopes a GraphQL document needs, by Shopify's own lists: the Admin API here refuses what the
// app was not granted, and a test of the app asks the same question of every operation in its source.
import {
  getNamedType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
} from "graphql";
import { requiredAccess, type RequiredAccess } from "./schema.ts";

/** A field the granted scopes do not open. `path` is the field's response key. */
export interface ScopeGap {
  name: string;
  path: string;
  node: FieldNode;
  access: RequiredAccess;
}

/**
 * The fields of a valid document that none of `granted` opens. A write scope opens what its read scope opens.
 * A field counts when it, or the type it returns, asks for a scope.
 */
export function missingScopes(schema: GraphQLSchema, document: DocumentNode, granted: string[]): ScopeGap[] {
  const have = new Set(granted.flatMap((scope) => [scope, scope.replace(/^write_/, "read_")]));
  const lists = requiredAccess();
  const gaps: ScopeGap[] = [];
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        const parent = types.getParentType();
        const returned = types.getType();
        if (!parent || !returned) return;
        for (const name of [`${parent.name}.${node.name.value}`, getNamedType(returned).name]) {
          const access = lists.get(name);
          if (!access || access.scopes.some((scope) => have.has(scope))) continue;
          gaps.push({ name, path: node.alias?.value ?? node.name.value, node, access });
        }
      },
    }),
  );
  return gaps;
}
