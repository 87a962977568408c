// A process of `npm run bench -- preview`: from the file that a shopper gives the photo block, in a real browser on the
// shop's product page, to the first look's picture being drawn there. The whole world runs: shop, proxy, web, worker,
// and MGE's stand-in, which really paints.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { BrowserContext } from "playwright-core";
import sharp from "sharp";
import { createMerchant } from "#sandbox/demo/merchant.ts";
import { setUpShop } from "#sandbox/demo/setup.ts";
import { startWorld } from "#sandbox/demo/world.ts";
import { launchBrowser, userAgent } from "#test/browser/launch.ts";
import { samplePhoto } from "#sandbox/shopify/storefront/sample-photo.ts";
import { load, median, sayFigure } from "./say.ts";

/** What one shopper waited for, in milliseconds since the file was there. */
interface Waited {
  /** The photo is in the app's hands. */
  uploaded: number;
  /** The app has made it safe, and a preview is asked for. */
  asked: number;
  /** The first look is on the screen. */
  firstLook: number;
}

// A phone's photo of 12 megapixels; each is another picture, because the same one is previewed once, whoever sends it.
async function aPhoto(seed: number): Promise<Buffer> {
  const side = 40 + seed * 7;
  return sharp(samplePhoto())
    .resize(3000, 4000)
    .composite([
      { input: { create: { width: side, height: side, channels: 3, background: "red" } }, left: 0, top: 0 },
    ])
    .jpeg({ quality: 90 })
    .toBuffer();
}

async function benchDelay(context: BrowserContext, seconds: number, runs = 20): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "makerlane-bench-"));
  const world = await startWorld({
    folder,
    encryptionKeys: `bench:${Buffer.alloc(32, 7).toString("base64")}`,
    fixedPorts: false,
    previewSeconds: seconds,
    env: { DATA_DIR: folder },
    listen: () => {},
  });
  try {
    await setUpShop(world, createMerchant(world));
    const waited: Waited[] = [];
    // The first one pays for what is loaded once: not counted.
    for (let run = 0; run <= runs; run++) {
      const one = await oneShopper(context, { url: world.shopifyUrl, photo: await aPhoto(run) });
      if (run > 0) waited.push(one);
    }
    const of = (name: keyof Waited): number[] => waited.map((one) => one[name]).sort((a, b) => a - b);
    const firstLook = of("firstLook");
    sayFigure({
      what: `file given to first look drawn in the browser, vendor takes ${seconds} s`,
      unit: "ms p50",
      ours: median(firstLook),
      p95: firstLook[Math.ceil(firstLook.length * 0.95) - 1] ?? Number.NaN,
      uploadedMs: median(of("uploaded")),
      previewAskedMs: median(of("asked")),
      photos: waited.length,
      load: load(),
    });
  } finally {
    await world.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

// A visitor with a cart and a memory of their own. In one context emptied for each: the packaged Chromium gives the
// pages of all its contexts the same cookies, and visitors of one address wait for each other.
async function oneShopper(context: BrowserContext, of: { url: string; photo: Buffer }): Promise<Waited> {
  await context.clearCookies();
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Storage.clearDataForOrigin", { origin: of.url, storageTypes: "all" });
  await page.goto(`${of.url}/products/dot-painting-kit?theme=dawn`);
  // The shopper comes near, as the mouse does before a click: that loads the studio.
  const studio = page.waitForResponse("**/dot-preview-studio.js");
  await page.locator("main dot-kit").hover();
  await (await studio).finished();
  await page.evaluate(watchWaiting);
  const file = { name: "photo.jpg", mimeType: "image/jpeg", buffer: of.photo };
  await page.locator('[data-dot="input"]').setInputFiles(file);
  const waited = await page.evaluate(() => (globalThis as unknown as { waited: Promise<Waited> }).waited);
  await page.close();
  return waited;
}

/** In the page: the clock starts with the file's own event, and stops when the first look's picture can be seen. */
function watchWaiting(): void {
  const { promise, resolve } = Promise.withResolvers<Waited>();
  Object.assign(globalThis, { waited: promise });
  document.addEventListener(
    "change",
    ({ target }) => {
      if (!(target instanceof HTMLInputElement) || target.dataset["dot"] !== "input") return;
      const begun = performance.now();
      const endOf = (end: RegExp): number => {
        const found = performance.getEntriesByType("resource").findLast(({ name }) => end.test(name));
        return found ? found.startTime + found.duration - begun : Number.NaN;
      };
      const look = async (): Promise<void> => {
        const image = document.querySelector<HTMLImageElement>('main [data-dot="look-image"][src]');
        if (!image) return void requestAnimationFrame(() => void look());
        await image.decode();
        const firstLook = performance.now() - begun;
        resolve({ uploaded: endOf(/\/artworks$/), asked: endOf(/\/previews$/), firstLook });
      };
      void look();
    },
    true,
  );
}

const browser = await launchBrowser();
const context = await browser.newContext({ userAgent, viewport: { width: 1280, height: 900 } });
for (const seconds of [0, 2]) await benchDelay(context, seconds);
await browser.close();
