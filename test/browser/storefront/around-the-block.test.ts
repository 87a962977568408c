// What is around the photo block in a shopper's browser: the cart's pictures, the way back, two fingers, colours that
// the system sets, and the page for shops whose product page runs no script. All against the real app.
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { soon, useStorefront } from "./front.ts";
import { distance } from "./photos.ts";
import { kit, themes, type Choice, type ThemeName } from "./shop.ts";

const { front, picture, buy } = useStorefront({ viewport: { width: 420, height: 900 } });

const choice = (): Choice => ({ photo: front().photos[0], look: "drama" });
const productPicture = "/cdn/products/dot-painting-kit.svg";

/** Puts a chosen kit into the cart and opens the cart as a page. */
async function openCart(theme: ThemeName, query: Record<string, string>): Promise<Page> {
  const { shopper } = front();
  await shopper.openChosen(choice(), theme);
  await shopper.add();
  await shopper.inCart();
  await shopper.page.goto(shopper.url("/cart", { theme, ...query }));
  return shopper.page;
}

/** The picture of a cart's only line, once it is loaded. */
async function lineImage(page: Page, within: string): Promise<{ path: string; query: string; alt: string }> {
  const image = page.locator(`${within} :is(tr, li):has(a[href*="/uploads/"]) img`);
  return image.evaluate(async (node: HTMLImageElement) => {
    await node.decode();
    const { pathname: path, search: query } = new URL(node.src);
    return { path, query, alt: node.alt };
  });
}

/** Waits for the painting in place of the product's picture, and holds that it is the shopper's own. */
async function expectPainting(page: Page, within: string): Promise<void> {
  const { photos, world } = front();
  await soon(async () => (await lineImage(page, within)).path).toContain("/uploads/");
  const { alt, path, query } = await lineImage(page, within);
  expect(alt).toBe("Your dot painting");
  const shown = Buffer.from(await (await fetch(world.shopifyUrl + path + query)).arrayBuffer());
  const [own = NaN, other = NaN] = await Promise.all(photos.map(({ file }) => distance(shown, file)));
  expect(own).toBeLessThan(other);
}

describe.each(themes)("The cart in %s", (theme) => {
  test("shows the product's picture until the merchant switches the paintings on", async () => {
    const page = await openCart(theme, {});
    expect(await page.locator('script[src*="dot-cart-thumbnails"]').count()).toBe(0);
    expect((await lineImage(page, "main")).path).toBe(productPicture);

    await page.goto(front().shopper.url("/cart", { theme, thumbnails: "" }));
    await expectPainting(page, "main");
    await picture(`cart-${theme}`);
  }, 90_000);

  test("keeps the product's picture when the painting's link no longer works", async () => {
    const page = await openCart(theme, {});
    await page.route("**/uploads/**", (route) => route.fulfill({ status: 404, body: "gone" }));
    const asked = page.waitForResponse("**/uploads/**");
    await page.goto(front().shopper.url("/cart", { theme, thumbnails: "" }));
    await (await asked).finished();
    // What the script makes of it comes after the next frame at the latest.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
    const { path, alt } = await lineImage(page, "main");
    expect({ path, alt }).toEqual({ path: productPicture, alt: "" });
  }, 90_000);
});

test.each(["dawn", "horizon"] as const)(
  "The cart's drawer in %s shows the paintings, also when it is drawn again",
  async (theme) => {
    const { shopper } = front();
    await shopper.openChosen(choice(), theme, { thumbnails: "" });
    await shopper.add();
    await expectPainting(shopper.page, "#cart-drawer");
    // Horizon's morph changes nothing but the picture's attributes; Dawn puts new elements in.
    await shopper.page.evaluate(async () => {
      const { theme } = globalThis as unknown as { theme: { draw(into: Element, html: string): void } };
      const html = await (await fetch("/cart?section_id=cart-drawer")).text();
      const drawer = document.querySelector("#cart-drawer");
      if (drawer) theme.draw(drawer, html);
    });
    await expectPainting(shopper.page, "#cart-drawer");
  },
  90_000,
);

test("Whoever comes back from the cart finds the choice and buys it", async () => {
  const { shopper } = front();
  await shopper.openChosen(choice(), "dawn");
  shopper.uploads.length = 0;
  await shopper.page.click("a.cart-link");
  await shopper.page.waitForURL("**/cart");
  await shopper.page.goBack();
  await shopper.ready();
  expect(await shopper.page.isChecked('main [data-dot="look"][value="drama"]')).toBe(true);
  await shopper.add();
  await buy();
  expect(shopper.uploads).toEqual([]);
}, 90_000);

// A browser without windows keeps no pages ("BackForwardCacheDisabledForDelegate", the packaged Chromium 153): what a kept
// page is told when it is shown again is told here, with the call that was under way cut off.
test("A page kept by the browser while it was painted goes on at once when it is shown again", async () => {
  const { shopper } = front();
  const { page } = await shopper.fresh();
  await shopper.open("dawn");
  const looks = "**/apps/dot/previews/*";
  const held = page.waitForRequest(looks);
  await page.route(looks, () => undefined);
  await shopper.give(choice());
  await held;
  await page.unroute(looks);
  // Far sooner than the call that waits would be given up, after 15 seconds.
  const again = page.waitForRequest(looks, { timeout: 10_000 });
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  await again;
  await shopper.pick(choice().look);
  await shopper.ready();
  await shopper.add();
  await buy();
  expect(shopper.uploads).toEqual(["/apps/dot/artworks 202"]);
}, 90_000);

test("Two fingers enlarge the photo behind its frame, and that part is painted and made", async () => {
  const { shopper } = front();
  await shopper.openChosen(choice(), "dawn");
  const { page } = shopper;
  const touch = await page.context().newCDPSession(page);
  await touch.send("Emulation.setTouchEmulationEnabled", { enabled: true, maxTouchPoints: 2 });
  await shopper.at("adjust").click();
  const frame = shopper.at("frame");
  await frame.scrollIntoViewIfNeeded();
  const box = await frame.boundingBox();
  if (!box) throw new Error("the frame is not on the page");
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const fingers = (apart: number) => [-apart, apart].map((by, id) => ({ x: middle.x + by, y: middle.y, id }));
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: fingers(30) });
  for (const apart of [36, 42, 48, 54, 60])
    await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: fingers(apart) });
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  const zoom = () => shopper.at("crop-zoom").evaluate((slider: HTMLInputElement) => Number(slider.value));
  await soon(zoom).toBeGreaterThan(1.8);
  expect(await zoom()).toBeLessThan(2.2);
  // The fingers moved the photo, not the page.
  expect(await page.evaluate(() => visualViewport?.scale)).toBe(1);
  await picture("block-pinched");

  const asked = page.waitForRequest((request) => request.url().endsWith("/previews"));
  await shopper.at("crop-apply").click();
  const { crop } = (await asked).postDataJSON() as { crop: { width: number; height: number } };
  expect(crop.width).toBeCloseTo(1 / (await zoom()), 1);
  // Upright, three to four, from a photo of three to four.
  expect(crop.height).toBeCloseTo(crop.width, 2);
  await shopper.chosenFor(kit.small);
  await shopper.add();
  await buy();
}, 90_000);

test("In colours that the system sets, what is chosen is seen and every control has an edge", async () => {
  const { shopper } = front();
  await shopper.fresh();
  const { page } = shopper;
  await page.emulateMedia({ forcedColors: "active" });
  await shopper.open("dawn");
  await picture("forced-empty");
  await shopper.choose(choice());
  await picture("forced-chosen");
  const outlines = await page.locator("main [data-look]:has(input)").evaluateAll((cards) =>
    cards.map((card) => ({
      chosen: card.querySelector("input")?.checked,
      outlined: getComputedStyle(card).outlineStyle !== "none",
    })),
  );
  expect(outlines).toEqual(
    expect.arrayContaining([
      { chosen: true, outlined: true },
      { chosen: false, outlined: false },
    ]),
  );
  await shopper.at("adjust").click();
  await picture("forced-adjusting");
  const edges = await page
    .locator("main dot-kit button:visible")
    .evaluateAll((buttons) =>
      buttons
        .filter((button) => getComputedStyle(button).borderStyle === "none")
        .map(({ dataset }) => dataset.dot),
    );
  // A link is told by its line.
  expect(edges.filter((name) => name !== "delete")).toEqual([]);
}, 90_000);

describe("The page for shops whose product page runs no script", () => {
  test("is reached from the product page without a script, for the variant that was shown", async () => {
    const { shopper, browser, world } = front();
    const variant = await shopper.variantOf(kit.middle);
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${world.shopifyUrl}${kit.path}?theme=vintage&variant=${variant}`);
    await page.locator("main dot-kit noscript a, main dot-kit a:has-text('Add your photo')").last().click();
    await page.waitForURL("**/apps/dot/photo?**");
    expect(new URL(page.url()).searchParams.get("variant")).toBe(variant);
    expect(await page.locator("dot-kit").getAttribute("data-variant")).toBe(variant);
    await page.screenshot({ path: ".data/screenshots/hosted-without-script.png", fullPage: true });
    expect(await page.locator("noscript").innerText()).toContain("JavaScript");
  }, 60_000);

  test("takes the photo and puts exactly that kit into the shop's cart", async () => {
    const { shopper } = front();
    await shopper.fresh();
    const variant = await shopper.variantOf(kit.middle);
    const answer = await shopper.page.goto(shopper.url("/apps/dot/photo", { variant }));
    expect(answer?.status()).toBe(200);
    await picture("hosted-empty");
    await shopper.at("add").click({ force: true });
    await soon(() => shopper.at("error").textContent()).toBe("Add a photo and choose a look first.");
    await shopper.choose({ photo: front().photos[1], look: "source" });
    await picture("hosted-chosen");
    await shopper.at("add").click();
    await shopper.page.waitForURL("**/cart");
    const bought = await buy();
    expect(bought.variant).toBe(variant);
    expect(bought.sku).toBe("DOT/SKLAD/40X50/WO/NONE/STD");
  }, 90_000);
});
