// The photo block for everybody: axe in every state of the way, in light, dark and forced colours, in both directions of
// writing, on the narrowest phone and with everything twice as large.
import { createRequire } from "node:module";
import type { RunOptions } from "axe-core";
import { describe, expect, test } from "vitest";
import { weighTexts } from "./contrast.ts";
import { photo, soon, useShopPage } from "./shop-page.ts";

const { wish, page, context, shop, at, state, open, choose, studio } = useShopPage();
const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

// What a theme gives the block to stand in. Letters at 200 % are a browser's own setting; a browser's zoom is below.
const dark = "<style>html{color-scheme:dark;background:#181613;color:#f3efe9}</style>";
const largeLetters = "<style>html{font-size:200%}</style>";

/** Everything axe knows, and how large what is pressed must be (WCAG 2.2), which it asks only when told to. */
const options: RunOptions = { rules: { "target-size": { enabled: true } } };

/** What axe finds in the block: rule, its words and the elements. */
async function violations(): Promise<string[]> {
  await page().addScriptTag({ path: axePath });
  return page().evaluate(async (how) => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const found = await axe.run("dot-kit", how);
    return found.violations.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target.join(" ")).join(" | ")}`,
    );
  }, options);
}

/** What runs out of the screen or is cut off inside the block. */
async function cutOff(): Promise<string[]> {
  return page().evaluate(() => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    const drop = document.querySelector("dot-kit .dot-kit__drop");
    const tall = drop ? drop.scrollHeight - drop.clientHeight : 0;
    return [
      wide > 0 ? `the page is ${wide} px too wide` : "",
      tall > 1 ? `the drop area's words are ${tall} px too tall` : "",
    ].filter(Boolean);
  });
}

async function isFine(where: string): Promise<void> {
  expect([where, await violations(), await cutOff()]).toEqual([where, [], []]);
}

/** The same, and every text is weighed as it is drawn: for windows whose measures are the browser's own. */
async function isFineAndReadable(where: string): Promise<void> {
  await isFine(where);
  const { weighed, weak } = await weighTexts(page());
  expect([where, weak]).toEqual([where, []]);
  expect(weighed, where).toBeGreaterThan(8);
}

/** The whole way of a photo, looked at wherever the shopper may stop. */
async function walk(isFine: (where: string) => Promise<void>): Promise<void> {
  await open();
  await isFine("empty");
  shop().faults.paintingMs = 60_000;
  await at("input").setInputFiles(await photo());
  await state("painting");
  await isFine("photo chosen");
  await page().evaluate(() => sessionStorage.clear());
  shop().faults.paintingMs = 0;
  await open();
  await at("input").setInputFiles(await photo());
  await state("choose");
  await isFine("looks ready");
  await choose();
  await isFine("look chosen");
  await at("adjust").click();
  await isFine("crop");
  await at("crop-cancel").click();
  shop().faults.previewEnds = "failed";
  await at("input").setInputFiles(await photo(1500, 2001));
  await state("failed");
  await isFine("error");
}

const languages = [
  { language: "en", direction: "left to right" },
  { language: "ar", direction: "right to left" },
];
const colours = [
  { colour: "light", after: "" },
  { colour: "dark", after: dark },
];

describe.each(languages)("From $direction", ({ language }) => {
  describe.each(colours)("in $colour", ({ after }) => {
    test("on a screen of 320 pixels", async () => {
      Object.assign(wish, { language, after });
      await page().setViewportSize({ width: 320, height: 640 });
      await walk(isFineAndReadable);
    });

    test("at a zoom of 200 %", async () => {
      Object.assign(wish, { language, after });
      // To the page a window of 1280 × 900 at 200 % is one of half the pixels, each twice as dense.
      await page().setViewportSize({ width: 640, height: 450 });
      const session = await context().newCDPSession(page());
      const metrics = { width: 640, height: 450, deviceScaleFactor: 2, mobile: false };
      await session.send("Emulation.setDeviceMetricsOverride", metrics);
      try {
        await walk(isFine);
      } finally {
        await session.detach();
      }
    });

    test("on a phone with letters of 200 %", async () => {
      Object.assign(wish, { language, after: after + largeLetters });
      await page().setViewportSize({ width: 412, height: 823 });
      await walk(isFine);
    });
  });

  test("in the forced colours of a person who sees little", async () => {
    Object.assign(wish, { language });
    await page().setViewportSize({ width: 320, height: 640 });
    await page().emulateMedia({ forcedColors: "active", colorScheme: "dark" });
    try {
      await walk(isFineAndReadable);
      expect(await page().evaluate(() => matchMedia("(forced-colors: active)").matches)).toBe(true);
    } finally {
      await page().emulateMedia({ forcedColors: null, colorScheme: null });
    }
  });

  test("pale letters are found, whatever the colours and the script", async () => {
    const pale = `<style>dot-kit .dot-kit__intro p{forced-color-adjust:none;color:#8d8d8d;background:#fff}</style>`;
    for (const forcedColors of ["none", "active"] as const) {
      Object.assign(wish, { language, after: pale });
      await page().emulateMedia({ forcedColors });
      try {
        await open();
        const { weak } = await weighTexts(page());
        expect(weak, forcedColors).not.toEqual([]);
        const intro = await page().locator(".dot-kit__intro").innerText();
        expect(weak.filter((one) => !one.startsWith(`${intro.trim()}: 3.3`))).toEqual([]);
      } finally {
        await page().emulateMedia({ forcedColors: null });
      }
    }
  });
});

test("Alone on a page with its own button and the box of consent", async () => {
  Object.assign(wish, { form: false, settings: { consent: true }, after: dark });
  await page().setViewportSize({ width: 320, height: 640 });
  await open();
  await isFine("empty");
  await at("stage").hover();
  await studio();
  await at("input").setInputFiles(await photo());
  await soon(() => at("error").textContent()).not.toBe("");
  await isFine("consent is missing");
});
