// One browser page on the fake shop for a test file, with the block beside a plain product form.
import type { Browser, BrowserContext, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { launchBrowser } from "#test/browser/launch.ts";
import { noFaults, product, startFakeShop } from "./fake-proxy.ts";
import { renderBlock } from "./render-block.ts";

/** How the next page is made. */
export interface Wish {
  language: string;
  designMode: boolean;
  /** Without it the block stands alone. */
  form: boolean;
  settings: Record<string, unknown>;
  /** How many blocks of the product are on the page. */
  blocks: number;
  /** "page": no cart, the block's own button binds the look. */
  mode: "cart" | "page";
  /** HTML after the block, for a theme's own ways. */
  after: string;
}

const plain: Wish = {
  language: "en",
  designMode: false,
  form: true,
  settings: {},
  blocks: 1,
  mode: "cart",
  after: "",
};

/** Call once at the top of a test file. */
export function useShopPage() {
  let browser: Browser;
  let shop: Awaited<ReturnType<typeof startFakeShop>>;
  let context: BrowserContext;
  let page: Page;
  const wish: Wish = { ...plain };
  const said: string[] = [];

  // The packaged Chromium runs in one process and ends with its first closed context: one page serves all tests.
  beforeAll(async () => {
    [browser, shop] = await Promise.all([launchBrowser(), startFakeShop((path) => html(path, wish))]);
    context = await browser.newContext();
    page = await context.newPage();
    page.on("pageerror", (error) => said.push(error.stack ?? error.message));
  });
  afterAll(async () => {
    shop.close();
    await browser.close();
  });
  beforeEach(async () => {
    Object.assign(wish, plain);
    Object.assign(shop.faults, noFaults);
    await context.setOffline(false);
    await page.goto(`${shop.url}/cart`);
    await page.evaluate(() => sessionStorage.clear());
    await page.setViewportSize({ width: 420, height: 900 });
    Object.assign(shop.seen, { uploads: [], previews: [], selections: [], cart: [], deleted: [] });
    said.length = 0;
  });
  afterEach(() => {
    expect(said, "errors in the page").toEqual([]);
  });

  const at = (name: string) => page.locator(`[data-dot="${name}"]`).first();
  const state = (value: string) => page.waitForSelector(`dot-kit[data-state="${value}"]`);
  const ready = () => page.waitForSelector('[data-dot="add-state"][data-value="ready"]');
  return {
    wish,
    page: () => page,
    context: () => context,
    shop: () => shop,
    at,
    state,
    ready,
    /** Until the part that is imported on the first interaction is there. */
    studio: () =>
      page.waitForFunction(() =>
        [...(window as unknown as { dotKits: Map<string, { studio?: object }> }).dotKits.values()].every(
          (store) => store.studio,
        ),
      ),
    open: () => page.goto(`${shop.url}/products/kit`),
    add: () => page.click("#product button[name=add]"),
    /** From an empty block to a look that may be bought. */
    async choose(look = "drama") {
      await at("input").setInputFiles(await photo());
      await state("choose");
      await page.locator(`[data-dot="look"][value="${look}"]`).first().check();
      await ready();
    },
    /** What the last line of the cart holds. */
    line: () => Object.fromEntries(shop.seen.cart.at(-1)?.fields ?? []),
  };
}

/** Like expect.poll, with the patience that a busy machine needs. */
export const soon = <T>(read: () => T) => expect.poll(read, { timeout: 10_000 });

/** A JPEG as a phone makes it. */
export async function photo(width = 1500, height = 2000, how: { orientation?: number } = {}) {
  const image = sharp({ create: { width, height, channels: 3, background: "#c84" } }).jpeg();
  const turned = how.orientation ? image.withMetadata({ orientation: how.orientation }) : image;
  return { name: "IMG_0001.jpg", mimeType: "image/jpeg", buffer: await turned.toBuffer() };
}

async function html(path: string, wish: Wish): Promise<string> {
  if (path !== "/products/kit") return "<!doctype html><title>Cart</title>";
  const { language, designMode, settings, form } = wish;
  const render = (n: number) =>
    renderBlock({ language, designMode, settings, product, assets: "/assets", blockId: `b${n}` });
  const blocks = await Promise.all(Array.from({ length: wish.blocks }, (_, n) => render(n)));
  const options = product.variants.map(({ id, title }) => `<option value="${id}">${title}</option>`);
  const forms = `<form action="/cart/add" method="post" id="instalments"><input type="hidden" name="id" value="101"></form>
<form action="/cart/add" method="post" id="product"><label>Size <select name="id">${options.join("")}</select></label>
<button type="submit" name="add">Add to cart</button>
<div class="shopify-payment-button"><button type="button" id="buy">Buy it now</button></div></form>`;
  return `<!doctype html><html lang="${language}" dir="${language === "ar" ? "rtl" : "ltr"}"><head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Kit</title>
<link rel="stylesheet" href="/assets/dot-preview.css"><script src="/assets/dot-preview.js" defer></script></head>
<body><main><h1>Kit</h1>${form ? forms : ""}${blocks.join("").replace('"mode": "cart"', `"mode": "${wish.mode}"`)}</main>${wish.after}</body></html>`;
}
