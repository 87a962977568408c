// The environment: what the example explains is what the app reads, and a wrong one is named.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeEnv, envSchema, readEnv } from "#app/env.server.ts";
import { testEnv } from "#test/support/postgres.ts";

const example = readFileSync(".env.example", "utf8").split("\n");

test("the example names every variable the app reads, no other, and each with its meaning above it", () => {
  const keys = example.flatMap((line) => /^([A-Z][A-Z0-9_]*)=/.exec(line)?.[1] ?? []);
  expect([...keys].sort()).toEqual(Object.keys(envSchema.shape).sort());
  expect(new Set(keys).size).toBe(keys.length);
  for (const paragraph of example.join("\n").split(/\n\n+/))
    if (/^[A-Z][A-Z0-9_]*=/m.test(paragraph)) expect(paragraph).toMatch(/^# /);
});

test("the example's own values are accepted once the empty ones that must be filled are filled", () => {
  const given = Object.fromEntries(
    example.flatMap((line) => {
      const [, key, value] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
      return key === undefined ? [] : [[key, value === "" ? undefined : value]];
    }),
  ) as Record<string, string | undefined>;
  const values = readEnv({
    ...testEnv,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value)),
  });
  expect(values).toMatchObject({
    HOST: "127.0.0.1",
    PORT: 3000,
    RAW_WEBHOOK_DAYS: 30,
    WORKER_ORDERS_AT_ONCE: 24,
  });
});

test("every bad variable is named at once, and no secret is shown at the start", () => {
  expect(() =>
    readEnv({ ...testEnv, SHOPIFY_API_KEY: "", PORT: "many", ENCRYPTION_KEYS: "a:short" }),
  ).toThrow(/SHOPIFY_API_KEY is missing[^]*|PORT must be a number[^]*ENCRYPTION_KEYS/);
  const shown = JSON.stringify(describeEnv(readEnv({ ...testEnv, DATABASE_URL: "postgresql://u:pw@h/d" })));
  for (const secret of [
    testEnv.SHOPIFY_API_SECRET,
    testEnv.SHOPIFY_API_SECRET_PREVIOUS,
    "pw@h",
    testEnv.ENCRYPTION_KEYS,
  ])
    expect(shown).not.toContain(secret);
});
