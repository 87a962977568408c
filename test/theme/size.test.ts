// What a shop's page has to carry: the core on every product page, the studio only for who comes near.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { extensionFolder } from "./render-block.ts";

const folder = path.join(extensionFolder, "assets");
const assets = await Promise.all(
  (await readdir(folder)).map(async (name) => ({ name, bytes: await readFile(path.join(folder, name)) })),
);
const sizeOf = (name: string): number => assets.find((one) => one.name === name)?.bytes.length ?? Infinity;

test("The script on every product page is under Shopify's 10,000 bytes, as it is", () => {
  expect(sizeOf("dot-preview.js")).toBeLessThan(10_000);
});

test("The stylesheet is under 3 kB on the wire", () => {
  const sheet = assets.find(({ name }) => name === "dot-preview.css");
  expect(gzipSync(sheet?.bytes ?? "").length).toBeLessThan(3000);
  // The test above knows the file by its name: without it there would be nothing to weigh.
  expect(sizeOf("dot-preview.css")).toBeLessThan(100_000);
});

test("The whole studio is under 20 kB on the wire", () => {
  // The sample is imported in the theme editor alone.
  const studio = assets.filter(({ name }) => /^dot-preview-(?!sample)\w+\.js$/.test(name));
  const wire = studio.reduce((sum, { bytes }) => sum + gzipSync(bytes).length, 0);
  expect(wire).toBeLessThan(20_000);
});

test("No asset needs a network of its own: no address of another host stands in one", () => {
  for (const { name, bytes } of assets)
    if (/\.(js|css)$/.test(name))
      expect(bytes.toString().match(/https?:\/\/[^"'`\s)]+/g) ?? [], name).toEqual([]);
});
