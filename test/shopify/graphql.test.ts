// Every operation in the source against Shopify's published schema, and the scopes against what they are used for.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "graphql";
import { expect, test } from "vitest";
import { missingScopes } from "#sandbox/shopify/scopes.ts";
import { adminSchema } from "#sandbox/shopify/schema.ts";
import { readAppConfig } from "#sandbox/shopify/subscriptions.ts";
import { graphqlProblems } from "#test/check/graphql.ts";

const config = readAppConfig(path.resolve("shopify.app.toml"));

test("every GraphQL operation is right, uses nothing deprecated and has the permissions it needs", async () => {
  expect(await graphqlProblems()).toBeUndefined();
});

test("the app asks for no permission that nothing uses", () => {
  const documents = readdirSync("app", { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .flatMap((name) => [...readFileSync(path.join("app", name), "utf8").matchAll(/`(\s*#graphql[^`]*)`/g)])
    .map((match) => parse(match[1] ?? ""));
  expect(documents.length).toBeGreaterThan(5);
  for (const scope of config.scopes.filter((one) => one !== "write_app_proxy")) {
    const others = config.scopes.filter((one) => one !== scope);
    const gaps = documents.flatMap((document) => missingScopes(adminSchema(), document, others));
    expect(gaps.length, `${scope} is asked for and not used`).toBeGreaterThan(0);
  }
});

test("each webhook the app lives on is subscribed, and each that needs a permission has it", () => {
  const topics = config.subscriptions.map(({ topic }) => topic).sort();
  expect(topics).toEqual([
    "app/scopes_update",
    "app/uninstalled",
    "bulk_operations/finish",
    "customers/data_request",
    "customers/redact",
    "orders/cancelled",
    "orders/create",
    "orders/edited",
    "orders/paid",
    "orders/updated",
    "products/create",
    "products/delete",
    "products/update",
    "refunds/create",
    "shop/redact",
  ]);
  // The door answers below /webhooks/, and vendors call below /webhooks/vendors/.
  for (const { path: address } of config.subscriptions) expect(address).toMatch(/^\/webhooks\/(?!vendors)/);
  expect(config.apiVersion).toBe("2026-10");
});
