// The widget in a real browser, on a page with a plain product form: from the photo to what reaches the cart.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Browser, BrowserContext, Page } from "playwright-core";
import sharp from "sharp";
import { launchBrowser } from "#test/browser/launch.ts";
import { product, startFakeShop } from "./fake-proxy.ts";
import { renderBlock } from "./render-block.ts";

let browser: Browser;
let shop: Awaited<ReturnType<typeof startFakeShop>>;
let context: BrowserContext;
let page: Page;
let settings: Record<string, unknown> = {};
let extra = { language: "en", designMode: false, form: true };
const said: string[] = [];

async function productPage(path: string): Promise<string> {
  if (path !== "/products/kit") return "<!doctype html><title>Cart</title>";
  const { language, designMode, form } = extra;
  const block = await renderBlock({ language, designMode, settings, product, assets: "/assets" });
  const options = product.variants.map(({ id, title }) => `<option value="${id}">${title}</option>`);
  return `<!doctype html><html lang="${language}" dir="${language === "ar" ? "rtl" : "ltr"}"><head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Kit</title>
<link rel="stylesheet" href="/assets/dot-preview.css"><script src="/assets/dot-preview.js" defer></script></head>
<body><main><h1>Kit</h1>${
    form
      ? `<form action="/cart/add" method="post" id="instalments"><input type="hidden" name="id" value="101"></form>
<form action="/cart/add" method="post" id="product"><label>Size <select name="id">${options.join("")}</select></label>
<button type="submit" name="add">Add to cart</button></form>`
      : ""
  }${block}</main></body></html>`;
}

// The packaged Chromium runs in one process and ends with its first closed context: one page serves all tests.
beforeAll(async () => {
  [browser, shop] = await Promise.all([launchBrowser(), startFakeShop(productPage)]);
  context = await browser.newContext();
  page = await context.newPage();
  page.on("pageerror", (error) => said.push(error.stack ?? error.message));
});
afterAll(async () => {
  shop.close();
  await browser.close();
});
beforeEach(async () => {
  settings = {};
  extra = { language: "en", designMode: false, form: true };
  Object.assign(shop.faults, { refuseUploads: false, busyUploads: 0, paintingMs: 0, previewEnds: "ready" });
  await page.goto(`${shop.url}/cart`);
  await page.evaluate(() => sessionStorage.clear());
  await page.setViewportSize({ width: 420, height: 900 });
  Object.assign(shop.seen, { uploads: [], previews: [], selections: [], cart: [], deleted: [] });
  said.length = 0;
});
afterEach(() => {
  expect(said, "errors in the page").toEqual([]);
});

const at = (name: string) => page.locator(`[data-dot="${name}"]`);
const open = () => page.goto(`${shop.url}/products/kit`);
const add = () => page.click("#product button");
const state = (value: string) => page.waitForSelector(`dot-kit[data-state="${value}"]`);
const ready = () => page.waitForSelector('[data-dot="add-state"][data-value="ready"]');

async function photo(width = 1500, height = 2000, how: { orientation?: number } = {}) {
  const image = sharp({ create: { width, height, channels: 3, background: "#c84" } }).jpeg();
  const buffer = await (
    how.orientation ? image.withMetadata({ orientation: how.orientation }) : image
  ).toBuffer();
  return { name: "IMG_0001.jpg", mimeType: "image/jpeg", buffer };
}

async function choose(look = "drama") {
  await at("input").setInputFiles(await photo());
  await state("choose");
  await page.check(`[data-dot="look"][value="${look}"]`);
  await ready();
}

test("A line without a picture stays out of the cart, and the shopper is told why", async () => {
  await open();
  await add();
  await expect.poll(() => at("error").textContent()).toBe("Add a photo and choose a look first.");
  expect(shop.seen.cart).toEqual([]);
});

test("The chosen look goes into the cart with its reference, its name and its picture", async () => {
  await open();
  await choose();
  await add();
  await page.waitForURL("**/cart");
  const [selection] = shop.seen.selections;
  const [line] = shop.seen.cart;
  expect(Object.fromEntries(line?.fields ?? [])).toEqual({
    id: "101",
    add: "",
    "properties[_dot_ref]": selection?.ref,
    "properties[Design]": "Drama",
    "properties[Your photo]": expect.stringContaining("/uploads/"),
  });
  expect(selection?.look).toBe("drama");
});

test("A photo of 12 megapixels is made smaller, turned upright and loses where it was taken", async () => {
  await open();
  await at("input").setInputFiles(await photo(4000, 3000, { orientation: 6 }));
  await state("choose");
  expect(shop.seen.uploads).toEqual([
    { route: "proxy", bytes: expect.any(Number), width: 1800, height: 2400, exif: false },
  ]);
});

test("A size changed after the choice is painted again from the same photo before the line goes", async () => {
  await open();
  await choose();
  await page.selectOption("#product select", "103");
  await add();
  await page.waitForURL("**/cart");
  expect(shop.seen.uploads).toHaveLength(1);
  const last = shop.seen.selections.at(-1);
  expect(last).toMatchObject({ look: "drama", variant: "103" });
  const fields = Object.fromEntries(shop.seen.cart[0]?.fields ?? []);
  expect(fields).toMatchObject({ id: "103", "properties[_dot_ref]": last?.ref });
});

test("A variant that needs no photo is sold without one", async () => {
  await open();
  await page.selectOption("#product select", "104");
  await add();
  await page.waitForURL("**/cart");
  expect(shop.seen.cart[0]?.fields).toEqual([
    ["id", "104"],
    ["add", ""],
  ]);
});

test("After a reload the shopper goes on where she was", async () => {
  await open();
  await choose("source");
  await page.reload();
  await ready();
  await expect.poll(() => page.isChecked('[data-dot="look"][value="source"]')).toBe(true);
  await add();
  await page.waitForURL("**/cart");
  expect(shop.seen.uploads).toHaveLength(1);
  expect(Object.fromEntries(shop.seen.cart[0]?.fields ?? [])["properties[_dot_ref]"]).toBe(
    shop.seen.selections.at(-1)?.ref,
  );
});

test("When the proxy refuses the photo it goes straight to the app", async () => {
  shop.faults.refuseUploads = true;
  await open();
  await choose();
  expect(shop.seen.uploads.map(({ route }) => route)).toEqual(["direct"]);
});

test("When the app is busy the widget says for how long and tries again by itself", async () => {
  shop.faults.busyUploads = 1;
  await open();
  await at("input").setInputFiles(await photo());
  await expect.poll(() => at("status").textContent()).toContain("Trying again in 1 second");
  await state("choose");
});

test("A browser that goes offline waits and goes on when it is back", async () => {
  await open();
  await at("input").focus();
  await page.waitForFunction(
    () => performance.getEntriesByName(`${location.origin}/assets/dot-preview-view.js`).length,
  );
  await context.setOffline(true);
  await at("input").setInputFiles(await photo());
  await expect.poll(() => at("status").textContent()).toContain("You are offline");
  await context.setOffline(false);
  await state("choose");
});

test("A preview that fails can be made again from the same photo", async () => {
  shop.faults.previewEnds = "failed";
  await open();
  await at("input").setInputFiles(await photo());
  await expect.poll(() => at("error").textContent()).toContain("Your photo is safe");
  shop.faults.previewEnds = "ready";
  await at("retry").click();
  await state("choose");
  expect(shop.seen.uploads).toHaveLength(1);
  expect(shop.seen.previews.map(({ again }) => again)).toEqual([false, true]);
});

test("A photo too small for the size is refused with numbers, and accepted for a smaller size", async () => {
  await open();
  await page.selectOption("#product select", "103");
  await at("input").setInputFiles(await photo(420, 560));
  await expect
    .poll(() => at("error").textContent())
    .toBe(
      "This photo is 420 × 560 pixels. For 60 × 75 we need about 480 × 600. Choose a larger photo or a smaller size.",
    );
  expect(shop.seen.uploads).toEqual([]);
  await page.selectOption("#product select", "101");
  await state("choose");
  await expect.poll(() => at("note").textContent()).toContain("may look soft");
});

test("Another file type is refused in words", async () => {
  await open();
  await at("input").setInputFiles({
    name: "a.pdf",
    mimeType: "application/pdf",
    buffer: Buffer.from("%PDF"),
  });
  await expect.poll(() => at("error").textContent()).toContain("We cannot read this file");
});

test("The shopper moves and zooms the part of the photo with the keyboard alone", async () => {
  await open();
  await at("input").setInputFiles(await photo(2000, 2000));
  await state("choose");
  await at("adjust").press("Enter");
  await page.keyboard.press("+");
  await page.keyboard.press("Shift+ArrowRight");
  await at("crop-apply").press("Enter");
  await expect.poll(() => shop.seen.previews.length).toBe(2);
  await state("choose");
  const [first, second] = shop.seen.previews.map(({ crop }) => crop);
  expect(first).toEqual({ x: 0.125, y: 0, width: 0.75, height: 1 });
  expect(second?.["width"]).toBeCloseTo(0.75 / 1.1, 5);
  expect(second?.["x"]).toBeGreaterThan(0.2);
});

test("A landscape photo takes the size lying down", async () => {
  await open();
  await at("input").setInputFiles(await photo(2000, 1500));
  await state("choose");
  expect(shop.seen.previews[0]?.crop).toEqual({ x: 0, y: 0, width: 1, height: 1 });
});

test("Consent is asked for before the photo leaves the browser, when the merchant wants it", async () => {
  settings = { consent: true };
  await open();
  await at("input").setInputFiles(await photo());
  await expect.poll(() => at("error").textContent()).toContain("Please confirm");
  expect(shop.seen.uploads).toEqual([]);
  await at("consent").check();
  await state("choose");
});

test("The shopper can delete her photo", async () => {
  await open();
  await choose();
  await at("delete").click();
  await state("empty");
  await expect.poll(() => at("note").textContent()).toBe("Your photo is deleted.");
  expect(shop.seen.deleted).toHaveLength(1);
  await add();
  await expect.poll(() => at("error").textContent()).toContain("Add a photo");
  expect(shop.seen.cart).toEqual([]);
});

test("Without a product form the block's own button fills the cart", async () => {
  extra.form = false;
  await open();
  await page.selectOption('[data-dot="variant"]', "102");
  await choose();
  await at("add").click();
  await page.waitForURL("**/cart");
  const fields = Object.fromEntries(shop.seen.cart[0]?.fields ?? []);
  expect(fields).toMatchObject({ id: "102", "properties[_dot_ref]": shop.seen.selections.at(-1)?.ref });
});

test("Nothing on the page moves while the widget works", async () => {
  shop.faults.paintingMs = 1500;
  await open();
  await page.evaluate(() => {
    Object.assign(window, { moved: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        (window as unknown as { moved: number }).moved += (entry as unknown as { value: number }).value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  await at("input").setInputFiles(await photo());
  await state("choose");
  await page.waitForTimeout(100);
  expect(await page.evaluate(() => (window as unknown as { moved: number }).moved)).toBe(0);
});

test("In Arabic the widget runs from right to left and fits a screen of 320 pixels", async () => {
  extra.language = "ar";
  await page.setViewportSize({ width: 320, height: 700 });
  await open();
  await at("input").setInputFiles(await photo());
  await state("choose");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});

test("The theme editor shows the states with a sample picture", async () => {
  extra.designMode = true;
  await open();
  await state("chosen");
  await page.click("text=Error");
  await expect.poll(() => at("error").textContent()).toContain("The preview did not work");
});
