// Each block's schema: what Shopify would refuse at deploy time, since its theme check does not look into it.
import { access, readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { themeProblems } from "#test/check/theme.ts";
import { extensionFolder } from "./render-block.ts";

const label = z.string().regex(/^t:[a-z_.0-9]+$/, "a word of the schema's locales");
const id = z.string().regex(/^[a-z_]+$/);
const field = { id, label, info: label.optional() };

// shopify.dev, input settings and sidebar settings, read 2026-11-22: those that the blocks use.
const setting = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("header"), content: label, info: label.optional() }),
  z.strictObject({ type: z.literal("paragraph"), content: label }),
  z.strictObject({ type: z.literal("product"), ...field, autofill: z.boolean().optional() }),
  z.strictObject({
    type: z.literal("text"),
    ...field,
    placeholder: z.string().optional(),
    default: z.string().min(1).optional(),
  }),
  z.strictObject({ type: z.literal("richtext"), ...field, default: z.string().startsWith("<p>").optional() }),
  z.strictObject({ type: z.literal("checkbox"), ...field, default: z.boolean().optional() }),
  z.strictObject({ type: z.literal("color"), ...field, default: z.string().startsWith("#").optional() }),
  z.strictObject({
    type: z.literal("range"),
    ...field,
    min: z.number(),
    max: z.number(),
    step: z.number(),
    unit: z.string().max(3).optional(),
    default: z.number(),
  }),
  z.strictObject({
    type: z.literal("select"),
    ...field,
    options: z.array(z.strictObject({ value: z.string(), label })).min(2),
    default: z.string(),
  }),
]);

// shopify.dev, "Configure theme app extensions", schema; read 2026-11-22.
const blockSchema = z.strictObject({
  name: label,
  target: z.enum(["section", "body", "head", "compliance_head"]),
  javascript: z.string().optional(),
  stylesheet: z.string().optional(),
  enabled_on: z.strictObject({ templates: z.array(z.string()).min(1) }).optional(),
  settings: z.array(setting),
});

const blockFolder = path.join(extensionFolder, "blocks");
const blocks = await Promise.all(
  (await readdir(blockFolder)).map(async (name) => {
    const liquid = await readFile(path.join(blockFolder, name), "utf8");
    const [, json = ""] = /{% schema %}(.*){% endschema %}/s.exec(liquid) ?? [];
    return { name, schema: blockSchema.parse(JSON.parse(json)) };
  }),
);
const fields = blocks.flatMap(({ name, schema }) =>
  schema.settings.flatMap((one) => ("id" in one ? [{ block: name, ...one }] : [])),
);

async function schemaWords(): Promise<{ language: string; words: Record<string, Record<string, string>> }[]> {
  const folder = path.join(extensionFolder, "locales");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".schema.json"));
  return Promise.all(
    names.map(async (name) => ({
      language: name,
      words: JSON.parse(await readFile(path.join(folder, name), "utf8")) as Record<
        string,
        Record<string, string>
      >,
    })),
  );
}

/** The word behind "t:group.name". */
function word(words: Record<string, Record<string, string>>, key: string): string | undefined {
  const [group = "", name = ""] = key.slice(2).split(".");
  return words[group]?.[name];
}

test("Every block's name fits the theme editor's 25 characters in every language", async () => {
  for (const { language, words } of await schemaWords())
    for (const { schema } of blocks) {
      const name = word(words, schema.name) ?? "";
      expect(name, language).not.toBe("");
      expect(name.length, `${language}: ${name}`).toBeLessThanOrEqual(25);
    }
});

test("Every word of the theme editor is there in every language, and none is left over", async () => {
  const keys = blocks.flatMap(({ schema }) => JSON.stringify(schema).match(/t:[a-z_.0-9]+/g) ?? []);
  for (const { language, words } of await schemaWords()) {
    for (const key of keys) expect(word(words, key), `${language} ${key}`).toBeTruthy();
    const there = Object.entries(words).flatMap(([group, names]) =>
      Object.keys(names).map((name) => `t:${group}.${name}`),
    );
    expect(there.filter((key) => !keys.includes(key), language)).toEqual([]);
  }
});

test("Settings have ids of their own, and defaults that can be chosen", () => {
  for (const { schema } of blocks) {
    const ids = schema.settings.flatMap((one) => ("id" in one ? [one.id] : []));
    expect(new Set(ids).size).toBe(ids.length);
  }
  for (const one of fields) {
    if (one.type === "select") expect(one.options.map(({ value }) => value)).toContain(one.default);
    if (one.type !== "range") continue;
    expect((one.default - one.min) % one.step).toBe(0);
    // Shopify takes at most 101 steps.
    expect((one.max - one.min) / one.step).toBeLessThanOrEqual(101);
  }
});

test("Every setting the merchant sees has an effect, and none is used that she cannot see", async () => {
  const folders = ["blocks", "snippets"].map((name) => path.join(extensionFolder, name));
  const texts = await Promise.all(
    folders.map(async (folder) =>
      Promise.all((await readdir(folder)).map((name) => readFile(path.join(folder, name), "utf8"))),
    ),
  );
  const used = texts
    .flat()
    .flatMap((text) => [...text.matchAll(/(?<!block\.)\bsettings\.(\w+)|block\.settings\.(\w+)/g)])
    .map(([, one, other]) => one ?? other);
  expect([...new Set(used)].sort()).toEqual(fields.map((one) => one.id).sort());
});

test("The assets that a schema names are there", async () => {
  for (const { schema } of blocks)
    for (const asset of [schema.javascript, schema.stylesheet])
      if (asset) await access(path.join(extensionFolder, "assets", asset));
});

// Shopify CLI 4.7, theme extension: what `shopify app deploy` refuses before anything is sent. No WebP, no deeper folders.
const deployable: Record<string, RegExp> = {
  assets: /\.(jpe?g|json|js|css|png|svg|wasm)$/,
  blocks: /\.liquid$/,
  locales: /\.json$/,
  snippets: /\.liquid$/,
};

test("Shopify takes every file of the extension at deploy", async () => {
  const entries = await readdir(extensionFolder, { recursive: true, withFileTypes: true });
  const files = entries.filter((one) => one.isFile() && one.parentPath !== extensionFolder);
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => {
      const folder = path.relative(extensionFolder, parentPath);
      const { size } = await stat(path.join(parentPath, name));
      return { folder, size, refused: deployable[folder]?.test(name) ? [] : [`${folder}/${name}`] };
    }),
  );
  expect(sizes.flatMap(({ refused }) => refused)).toEqual([]);
  const sum = (all: typeof sizes) => all.reduce((bytes, one) => bytes + one.size, 0);
  expect(sum(sizes)).toBeLessThan(10 * 1024 * 1024);
  expect(sum(sizes.filter(({ folder }) => /blocks|snippets/.test(folder)))).toBeLessThan(500 * 1024);
});

test("Shopify's theme check finds no offence", { timeout: 60_000 }, async () => {
  expect(await themeProblems()).toBeUndefined();
});
