// Shopify's own Admin schema of 2026-10, as published inside the npm package @shopify/dev-mcp (ISC licence):
// what the Admin API here executes on, and what tests validate the app's operations and scopes against.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery } from "graphql";
import published from "./schema-file.json" with { type: "json" };

const kept = fileURLToPath(new URL(`../../.cache/${published.file}`, import.meta.url));
const ready = fileURLToPath(new URL("../ready.mjs", import.meta.url));

/** The access one type or field needs: any one of `scopes`, or none when the list is empty. */
export interface RequiredAccess {
  type: string;
  /** Absent when the whole type needs it. */
  field?: string;
  /** Shopify's own sentence. */
  sentence: string;
  scopes: string[];
}

interface SchemaFile {
  data: IntrospectionQuery;
  offline_scopes: {
    items: { typeName: string; fieldName?: string; requiredAccess: string; offlineScopes: string[] }[];
  };
}

let schema: GraphQLSchema | undefined;
let access: Map<string, RequiredAccess> | undefined;

/** The executable schema, built once per process (about half a second). */
export function adminSchema(): GraphQLSchema {
  schema ??= buildClientSchema(readSchemaFile().data, { assumeValid: true });
  return schema;
}

/** Required access by "Type" and "Type.field"; names that need none are left out. */
export function requiredAccess(): Map<string, RequiredAccess> {
  access ??= new Map(
    readSchemaFile()
      .offline_scopes.items.filter((item) => item.offlineScopes.length > 0)
      .map((item) => [
        item.fieldName ? `${item.typeName}.${item.fieldName}` : item.typeName,
        {
          type: item.typeName,
          ...(item.fieldName ? { field: item.fieldName } : {}),
          sentence: item.requiredAccess,
          scopes: item.offlineScopes,
        },
      ]),
  );
  return access;
}

/** Only for building: the file is 40 MB of JSON when unpacked, so nothing of it is kept but the two results. */
function readSchemaFile(): SchemaFile {
  // Every npm script that needs it has fetched it; a single test started by hand may be the first to come here.
  if (!existsSync(kept)) execFileSync(process.execPath, [ready], { stdio: ["ignore", "ignore", "inherit"] });
  return JSON.parse(gunzipSync(readFileSync(kept)).toString("utf8")) as SchemaFile;
}
