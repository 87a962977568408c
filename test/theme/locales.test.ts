// The shopper's words: all of them in every language, with the same places to fill, and none of them anywhere else.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { product } from "./fake-proxy.ts";
import { extensionFolder, readWords, renderBlock } from "./render-block.ts";

const languages = ["en", "de", "fr", "es", "ja", "ar"];

const flat = (words: Record<string, Record<string, string>>): Map<string, string> =>
  new Map(
    Object.entries(words).flatMap(([group, names]) =>
      Object.entries(names).map(([name, text]) => [`${group}.${name}`, text] as const),
    ),
  );
const places = (text: string): string[] => [...new Set(text.match(/\{\{ \w+ \}\}/g))].sort();

async function texts(folder: string, ending: string): Promise<{ name: string; text: string }[]> {
  const names = (await readdir(path.join(extensionFolder, folder))).filter((name) => name.endsWith(ending));
  return Promise.all(
    names.map(async (name) => ({
      name,
      text: await readFile(path.join(extensionFolder, folder, name), "utf8"),
    })),
  );
}

const liquids = [...(await texts("blocks", ".liquid")), ...(await texts("snippets", ".liquid"))];

test.each(languages)("%s has every sentence, with the same places to fill", async (language) => {
  const [english, own] = await Promise.all([readWords("en").then(flat), readWords(language).then(flat)]);
  expect([...own.keys()]).toEqual([...english.keys()]);
  for (const [key, text] of own) {
    expect(text.trim(), key).not.toBe("");
    expect(places(text), key).toEqual(places(english.get(key) ?? ""));
  }
});

test("Every sentence is used, and every one that is used exists", async () => {
  const words = [...flat(await readWords("en")).keys()];
  const used = liquids.flatMap(({ text }) =>
    [...text.matchAll(/'([a-z]+\.\w+)' \| t\b/g)].map(([, key]) => key),
  );
  const data = liquids.find(({ name }) => name === "dot-preview-data.liquid")?.text ?? "";
  const said = [...data.matchAll(/= '([\w,]+)' \| split/g)].flatMap(([, names = ""]) => names.split(","));
  const keys = new Set([...used, ...said.map((name) => `say.${name}`)]);
  expect([...keys].sort()).toEqual(words.sort());
});

test("The assets say only sentences that the page gives them", async () => {
  const words = await readWords("en");
  const assets = await texts("assets", ".js");
  const codes = assets.flatMap(({ text }) => [
    ...[...text.matchAll(/sentence\(store, "(\w+)"/g)].map(([, word]) => word ?? ""),
    ...[...text.matchAll(/new Problem\("(\w+)"/g)].map(([, word]) => word ?? ""),
    ...[...text.matchAll(/say\(store, "(\w+)"/g)].map(([, word]) => word ?? ""),
  ]);
  // These two never reach a shopper: the calls turn them into one of the others.
  const inner = new Set(["network", "refused"]);
  expect(codes.filter((code) => !inner.has(code) && !words["say"]?.[code])).toEqual([]);
});

test.each(languages)("A page in %s has no word of another language and none missing", async (language) => {
  const html = await renderBlock({ language, product, assets: "/assets" });
  expect(html).not.toContain("Translation missing");
  const [, json = ""] = /data-dot="data">(.*?)<\/script>/s.exec(html) ?? [];
  const { words } = JSON.parse(json) as { words: Record<string, string> };
  expect(words["too_small"]).toContain("[min_width]");
  expect(Object.values(words).filter((text) => text.includes("{{"))).toEqual([]);
});

test("No word for a shopper stands in the markup", () => {
  for (const { name, text } of liquids) {
    const bare = text
      .replaceAll(/{% (comment|doc|schema) %}.*?{% end\1 %}/gs, "")
      .replaceAll(/<script type="application\/json".*?<\/script>/gs, "")
      .replaceAll(/{%.*?%}|{{.*?}}/gs, "");
    const attributes = [...bare.matchAll(/\b(?:aria-label|alt|title|placeholder)="([^"]*)"/g)];
    const seen = bare.replaceAll(/<[^>]*>/g, "").replaceAll("&nbsp;", "");
    expect(seen.match(/\p{L}{2,}/gu) ?? [], name).toEqual([]);
    expect(
      attributes.map(([, value = ""]) => value).filter((value) => /\p{L}/u.test(value)),
      name,
    ).toEqual([]);
  }
});

test("No sentence for a shopper stands in the assets", async () => {
  for (const { name, text } of await texts("assets", ".js")) {
    const code = text.replaceAll(/\/\*.*?\*\//gs, "").replaceAll(/^\s*\/\/.*$/gm, "");
    // A word with a capital and another after it: what people read and programs do not.
    expect(code.match(/["'`][A-Z][a-z]+ [a-z]+[^"'`]*["'`]/g) ?? [], name).toEqual([]);
  }
});
