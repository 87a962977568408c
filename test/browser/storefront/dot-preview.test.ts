// The photo block in three theme structures, against the real app: whatever the theme does, what reaches the order is
// the reference of the picture that was chosen for the variant that was paid, and nothing at all without one.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser } from "playwright-core";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { buildIfNeeded } from "#sandbox/demo/build.ts";
import { createMerchant } from "#sandbox/demo/merchant.ts";
import { setUpShop } from "#sandbox/demo/setup.ts";
import { startWorld, type DemoWorld } from "#sandbox/demo/world.ts";
import { samplePhoto } from "#sandbox/shopify/storefront/sample-photo.ts";
import { launchBrowser, userAgent } from "../launch.ts";
import { createShopper, kit, themes, type Bought } from "./shop.ts";
import { startRelay, type Relay } from "./tls.ts";

const folder = mkdtempSync(path.join(tmpdir(), "makerlane-storefront-"));
const pictures = path.resolve(".data/screenshots");
const said: string[] = [];
const problems: string[] = [];
const bought: Bought[] = [];
let world: DemoWorld;
let browser: Browser;
let relay: Relay;
let photo: Buffer;
let shopper: ReturnType<typeof createShopper>;

// One context for all: the packaged Chromium runs in one process and ends with its first closed context.
beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  await buildIfNeeded();
  relay = await startRelay();
  [world, browser, photo] = await Promise.all([
    startWorld({
      folder,
      encryptionKeys: `test:${Buffer.alloc(32, 7).toString("base64")}`,
      fixedPorts: false,
      env: { DATA_DIR: folder },
      listen: (name, line) => said.push(`${name} ${typeof line === "string" ? line : JSON.stringify(line)}`),
    }),
    launchBrowser([`--host-resolver-rules=MAP demo.myshopify.com:443 127.0.0.1:${relay.port}`]),
    sharp(samplePhoto()).resize(1200, 1600).jpeg().toBuffer(),
  ]);
  await setUpShop(world, createMerchant(world));
  relay.to = world.shopifyUrl;
  const viewport = { width: 1280, height: 900 };
  const context = await browser.newContext({ userAgent, viewport, ignoreHTTPSErrors: true });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => problems.push(error.stack ?? error.message));
  shopper = createShopper(world, context, page);
}, 180_000);
afterAll(async () => {
  await browser.close();
  relay.close();
  await world.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") {
    await shopper.page.screenshot({ path: path.join(pictures, `failed-${task.name.slice(0, 40)}.png`) });
    process.stderr.write(`${said.slice(-15).join("\n")}\n`);
  }
  expect(problems.splice(0)).toEqual([]);
});

const buy = async (): Promise<Bought> => {
  await shopper.inCart();
  const line = await shopper.payRight();
  bought.push(line);
  return line;
};

async function heldOrders(): Promise<string[]> {
  const { rows } = (await createMerchant(world).load("/app/orders?state=held")) as {
    rows: { name: string }[];
  };
  return rows.map(({ name }) => name);
}

describe.each(themes)("%s", (theme) => {
  test("A kit without a picture cannot be bought, neither by the cart nor past it", async () => {
    await shopper.fresh();
    await shopper.open(theme);
    await shopper.add();
    await expect.poll(() => shopper.at("error").textContent()).toBe("Add a photo and choose a look first.");
    await shopper.page.reload();
    await shopper.buyNow();
    await expect.poll(() => shopper.at("error").textContent()).toBe("Add a photo and choose a look first.");
    expect(await shopper.cartCount()).toBe(0);
  });

  test("A photo becomes a painting, and the order carries its reference", async () => {
    await shopper.fresh();
    await shopper.open(theme);
    await shopper.choose(photo, "source");
    await shopper.page.screenshot({ path: path.join(pictures, `dot-${theme}.png`), fullPage: true });
    // The picture of the README is one of these (docs/dot-preview.png).
    const style = "header { display: none }";
    await shopper.page
      .locator("main dot-kit")
      .first()
      .screenshot({ path: path.join(pictures, `dot-kit-${theme}.png`), style });
    await shopper.add();
    const line = await buy();
    expect(line.sku).toBe("DOT/SKLAD/30X40/WO/NONE/STD");
  }, 90_000);

  test("Added while the theme still changes the variant, the line has the picture of the new size", async () => {
    await shopper.openChosen(photo, theme);
    await shopper.page.route(/section_id=main/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 700));
      await route.continue();
    });
    await shopper.size(kit.middle);
    await shopper.add();
    expect((await buy()).sku).toBe("DOT/SKLAD/40X50/WO/NONE/STD");
  }, 90_000);

  test("A size changed after the choice brings its own picture", async () => {
    await shopper.openChosen(photo, theme);
    await shopper.size(kit.middle);
    await expect.poll(() => shopper.selections.at(-1)?.variant, { timeout: 40_000 }).toBeDefined();
    await shopper.ready();
    await shopper.add();
    expect((await buy()).sku).toBe("DOT/SKLAD/40X50/WO/NONE/STD");
  }, 90_000);

  test("Buy it now takes the picture along", async () => {
    await shopper.openChosen(photo, theme);
    await shopper.buyNow();
    await shopper.page.waitForURL("**/checkout");
    await buy();
  }, 90_000);

  test("A section that the theme draws again keeps the choice", async () => {
    await shopper.openChosen(photo, theme);
    await shopper.page.evaluate(() =>
      (globalThis as unknown as { theme: { renderSection(): Promise<void> } }).theme.renderSection(),
    );
    await shopper.ready();
    await shopper.add();
    await buy();
  }, 90_000);

  test("The quick-add window on the kit's page sells the chosen picture", async () => {
    await shopper.openChosen(photo, theme);
    await shopper.page.click("[data-quick-add]");
    await shopper.ready("#quick-add");
    await shopper.add("#quick-add");
    await buy();
  }, 90_000);

  test("Two blocks on a page are one choice", async () => {
    await shopper.openChosen(photo, theme, { blocks: "2" });
    await expect
      .poll(() => shopper.page.locator('main [data-dot="add-state"][data-value="ready"]').count())
      .toBe(2);
    await shopper.add();
    await buy();
  }, 90_000);

  test("After a reload the choice is still there", async () => {
    await shopper.openChosen(photo, theme);
    shopper.uploads.length = 0;
    await shopper.page.reload();
    await shopper.ready();
    expect(await shopper.page.isChecked('main [data-dot="look"][value="drama"]')).toBe(true);
    await shopper.add();
    await buy();
    expect(shopper.uploads).toEqual([]);
  }, 90_000);

  test("A browser that goes offline between photo and look goes on when it is back", async () => {
    await shopper.openChosen(photo, theme);
    await shopper.page.context().setOffline(true);
    if (theme === "vintage") await shopper.size(kit.middle);
    else await shopper.page.locator('main [data-dot="look"][value="source"]').check();
    await expect.poll(() => shopper.at("status").textContent()).toContain("You are offline");
    await shopper.page.context().setOffline(false);
    await shopper.ready();
    await shopper.add();
    await buy();
  }, 90_000);

  test("When the shop's proxy refuses the photo it goes straight to the app", async () => {
    await shopper.fresh();
    await shopper.limitProxy(2000);
    shopper.underItsDomain();
    await shopper.open(theme);
    await shopper.choose(photo);
    expect(shopper.uploads).toEqual(["/apps/dot/artworks 413", "/u 202"]);
    await shopper.add();
    await buy();
  }, 90_000);

  test("A block with no product form near it fills the cart by itself", async () => {
    await shopper.openChosen(photo, theme);
    await shopper.page.goto(shopper.url("/pages/kit", { theme }));
    await shopper.ready();
    await shopper.at("add").click();
    await buy();
  }, 90_000);

  test("Quick add on a page without the block says where the photo is added", async () => {
    await shopper.fresh();
    await shopper.page.goto(shopper.url("/collections/all", { theme }));
    await shopper.page.click("[data-quick-add]");
    const link = shopper.page.locator('#quick-add [data-dot="fallback"]');
    await link.waitFor();
    expect(await link.getAttribute("href")).toMatch(/^\/products\/dot-painting-kit#/);
  });
});

test("A vintage theme that sends the form's fields one by one sends the reference too", async () => {
  await shopper.openChosen(photo, "vintage", { ajax: "1" });
  await shopper.add();
  await buy();
}, 90_000);

test("Added without a picture through a phone's quick add, the order waits for its photo and no other is taken", async () => {
  await shopper.openChosen(photo, "horizon");
  await shopper.page.setViewportSize({ width: 390, height: 844 });
  await shopper.page.goto(shopper.url("/collections/all", { theme: "horizon" }));
  await shopper.page.click("[data-quick-add]");
  await shopper.add("#quick-add");
  await shopper.inCart();
  const { ref, name } = await shopper.pay();
  await shopper.page.setViewportSize({ width: 1280, height: 900 });
  expect(ref).toBeUndefined();
  await expect.poll(heldOrders, { timeout: 20_000 }).toContain(name);
}, 60_000);

test("What was paid is what MGE DOT makes: as many orders as were paid, in their sizes", async () => {
  await shopper.openChosen(photo, "dawn");
  await shopper.add();
  const last = await buy();
  const ledger = async () => {
    const answer = await fetch(`${world.vendorUrls.dot}/_sandbox/ledger`);
    return (await answer.json()) as {
      reference?: string;
      lines: { sku: string; detail: { look?: string } }[];
    }[];
  };
  await expect.poll(async () => (await ledger()).length, { timeout: 30_000 }).toBe(bought.length);
  expect((await ledger()).map(({ lines }) => lines.map(({ sku }) => sku)).sort()).toEqual(
    bought.map(({ sku }) => [sku]).sort(),
  );
  expect(last.sku).toBe("DOT/SKLAD/30X40/WO/NONE/STD");
}, 90_000);
