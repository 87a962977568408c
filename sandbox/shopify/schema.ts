// Shopify's own Admin schema of 2026-10, as published inside the npm package @shopify/dev-mcp (ISC licence):
// what the Admin API here executes on, and what tests validate the app's operations and scopes against.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery } from "graphql";

const cache = fileURLToPath(new URL("../../.cache/", import.meta.url));
const inside = "package/dist/data/admin_2026-10.json.gz";
const published = "@shopify/dev-mcp@1.16.0";

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
  const path = `${cache}${inside}`;
  if (!existsSync(path)) fetchSchemaFile();
  return JSON.parse(gunzipSync(readFileSync(path)).toString("utf8")) as SchemaFile;
}

/** Takes the one file out of the package's tarball. The package itself would pull in Shopify's whole CLI. */
function fetchSchemaFile(): void {
  mkdirSync(cache, { recursive: true });
  // A folder of one's own: two test processes may come here at once, and the last rename wins.
  const own = `${cache}schema-${process.pid}/`;
  mkdirSync(own, { recursive: true });
  try {
    const packed = execFileSync("npm", ["pack", published, "--silent", "--pack-destination", own], {
      encoding: "utf8",
      cwd: own,
    });
    const tarball = packed.trim().split("\n").at(-1) ?? "";
    execFileSync("tar", ["-xzf", tarball, inside], { cwd: own });
    mkdirSync(`${cache}package/dist/data`, { recursive: true });
    renameSync(`${own}${inside}`, `${cache}${inside}`);
  } catch (cause) {
    throw new Error(
      `Could not take Shopify's Admin schema out of ${published}. Is npm's registry in reach?`,
      {
        cause,
      },
    );
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}
