// The checklist for a vendor, executed: a folder, a line in the list, tests, a README that says what code cannot.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fieldsSchema, maskValues, secretsOf } from "#app/vendors/fields.ts";
import { vendors } from "#app/vendors/index.server.ts";

const folders = readdirSync("app/vendors", { withFileTypes: true }).filter((entry) => entry.isDirectory());

test("every vendor folder is in the list, and every vendor in the list has a folder", () => {
  expect(vendors.map(({ id }) => id).sort()).toEqual(folders.map(({ name }) => name).sort());
});

describe.each(vendors.map((vendor) => [vendor.id, vendor] as const))("%s", (id, vendor) => {
  test("says in its README which document was read and when", () => {
    expect(readFileSync(`app/vendors/${id}/README.md`, "utf8")).toMatch(/2026-\d\d-\d\d/);
  });

  test("runs the battery, and has a stand-in to run it against", () => {
    if (vendor.orders || vendor.catalogue)
      expect(existsSync(`test/vendors/${id}/contract.test.ts`)).toBe(true);
    expect(existsSync(`sandbox/vendors/${id}.ts`)).toBe(true);
  });

  test("has settings whose keys differ, with a label each, and says what is missing in sentences", () => {
    for (const fields of [vendor.settings, vendor.product]) {
      expect(new Set(fields.map(({ key }) => key)).size).toBe(fields.length);
      const parsed = fieldsSchema(fields).safeParse({});
      for (const issue of parsed.error?.issues ?? []) expect(issue.message).toMatch(/^\S.*\.$/);
    }
  });

  test("never shows a secret", () => {
    const values = Object.fromEntries(vendor.settings.map(({ key }) => [key, "a-long-secret-value"]));
    const shown = JSON.stringify(maskValues(vendor.settings, values));
    const secrets = vendor.settings.filter(({ kind }) => kind === "secret");
    expect(secrets.length).toBeGreaterThan(0);
    expect(secretsOf(vendor.settings, values)).toHaveLength(secrets.length);
    for (const { key } of secrets) expect(shown).not.toContain(`"${key}":"a-long-secret-value"`);
  });
});
