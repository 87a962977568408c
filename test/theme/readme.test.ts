// The extension's README is what a theme's developer builds on: what it names is there, and what is public is named.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { extensionFolder } from "./render-block.ts";

const read = (name: string): Promise<string> => readFile(path.join(extensionFolder, name), "utf8");
const folder = async (name: string): Promise<string> => {
  const files = (await readdir(path.join(extensionFolder, name))).filter((file) => !file.endsWith(".jpg"));
  return (await Promise.all(files.map((file) => read(`${name}/${file}`)))).join("\n");
};

const [readme, assets, snippets] = await Promise.all([
  read("README.md"),
  folder("assets"),
  folder("snippets"),
]);
const all = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, found = ""]) => found))].sort();
/** What stands in a row of one of the README's tables, or in a sentence of it. */
const namedIn = (start: string): string[] => {
  const line = readme.split("\n").find((one) => one.includes(start)) ?? "";
  return all(line.slice(line.indexOf(start) + start.length), /`([\w:-]+)`/g);
};

test("Every event and every CSS variable of the block is in its README, and none that is not there", () => {
  expect(all(readme, /\| `(--dot-\w+)`/g)).toEqual(all(assets, /(--dot-\w+):/g));
  const fired = all(assets, /new CustomEvent\("([\w:]+)"/g);
  expect(fired).toEqual(["dot:selected"]);
  expect(all(readme, /^`([\w:]+)` is fired/gm)).toEqual(fired);
});

test("The README's attributes and their values are those that the scripts set", async () => {
  const view = await read("assets/dot-preview-view.js");
  const [, steps = ""] = /stepNumbers = \{(.*?)\}/s.exec(view) ?? [];
  expect(namedIn("`data-state`")).toEqual([...all(steps, /(\w+):/g), "failed"].sort());
  const [, values = ""] = /const addState = (.*?)\n\};/s.exec(view) ?? [];
  const set = all(values, /(?:return|\?|:) "(\w+)"/g);
  expect(namedIn("has `data-value`")).toEqual(set);
  const studio = await read("assets/dot-preview-studio.js");
  const controls = await read("assets/dot-preview-controls.js");
  for (const name of ["busy", "dragging"])
    expect(view + controls).toContain(`kit.toggleAttribute("data-${name}"`);
  for (const name of ["state", "problem"]) expect(view).toContain(`kit.dataset.${name} = `);
  expect(snippets).toContain("data-product=");
  expect(all(studio, /step: "(\w+)"/g).filter((step) => !namedIn("`data-state`").includes(step))).toEqual([]);
});

test("The README's properties and keys of storage are those that the scripts use", () => {
  expect(assets).toContain("_dot_ref");
  for (const key of ["dot-kit:browser", "dot-kit:${store.product}"]) expect(assets).toContain(key);
  for (const name of ["_dot_ref", "Design", "Your photo"]) expect(readme).toContain(`| \`${name}\``);
});
