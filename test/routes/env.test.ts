// The environment: what the example explains is what the app reads, and a wrong one is named.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeEnv, envSchema, readEnv } from "#app/env.server.ts";
import { testEnv } from "#test/support/postgres.ts";

const example = readFileSync(".env.example", "utf8").split("\n");

test("the example names every variable the app reads, no other, and each with its meaning above it", () => {
  const keys = example.flatMap((line) => /^#?([A-Z][A-Z0-9_]*)=/.exec(line)?.[1] ?? []);
  expect([...keys].sort()).toEqual(Object.keys(envSchema.shape).sort());
  expect(new Set(keys).size).toBe(keys.length);
  for (const paragraph of example.join("\n").split(/\n\n+/))
    if (/^#?[A-Z][A-Z0-9_]*=/m.test(paragraph)) expect(paragraph).toMatch(/^# /);
});

test("the example, used as it is, leaves the image where its port and its volume are", () => {
  const image = readFileSync("Dockerfile", "utf8");
  const set = /^ENV (.*)$/m.exec(image)?.[1] ?? "";
  expect(set).toContain("HOST=0.0.0.0");
  for (const [, key, value] of set.matchAll(/(\w+)=(\S+)/g)) {
    const given = example.find((line) => line.startsWith(`${key}=`));
    expect(given ?? `${key}=${value}`).toBe(`${key}=${value}`);
  }
});

test("the example's own values are accepted once the empty ones that must be filled are filled", () => {
  const given = Object.fromEntries(
    example.flatMap((line) => {
      const [, key, value] = /^#?([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
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
  const wrong = { ...testEnv, SHOPIFY_API_KEY: "", PORT: "many", ENCRYPTION_KEYS: "a:short" };
  for (const named of [/^ {2}SHOPIFY_API_KEY is missing/m, /^ {2}PORT must be a number$/m, /ENCRYPTION_KEYS/])
    expect(() => readEnv(wrong)).toThrow(named);
  const shown = JSON.stringify(
    describeEnv(
      readEnv({ ...testEnv, DATABASE_URL: "postgresql://u:pw@h/d", S3_SECRET_ACCESS_KEY: "s3-secret" }),
    ),
  );
  for (const secret of [
    testEnv.SHOPIFY_API_SECRET,
    testEnv.SHOPIFY_API_SECRET_PREVIOUS,
    "pw@h",
    "s3-secret",
    testEnv.ENCRYPTION_KEYS,
  ])
    expect(shown).not.toContain(secret);
});
