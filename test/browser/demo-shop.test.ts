// The demo as a person sees it: a real browser in the local shop and in the merchant's admin, the built pages, the
// processes of the demo. The pictures are for whoever wants to look: .data/screenshots.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, BrowserContext, FrameLocator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildIfNeeded } from "#sandbox/demo/build.ts";
import { createMerchant } from "#sandbox/demo/merchant.ts";
import { setUpShop } from "#sandbox/demo/setup.ts";
import { buy } from "#sandbox/demo/shopper.ts";
import { startWorld, type DemoWorld } from "#sandbox/demo/world.ts";
import { launchBrowser, userAgent } from "./launch.ts";

const folder = mkdtempSync(path.join(tmpdir(), "makerlane-browser-"));
const pictures = path.resolve(".data/screenshots");
const said: string[] = [];
let world: DemoWorld;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  await buildIfNeeded();
  [world, browser] = await Promise.all([
    startWorld({
      folder,
      encryptionKeys: `test:${Buffer.alloc(32, 5).toString("base64")}`,
      fixedPorts: false,
      listen: (name, line) => said.push(`${name} ${typeof line === "string" ? line : JSON.stringify(line)}`),
    }),
    launchBrowser(),
  ]);
  await setUpShop(world, createMerchant(world));
  context = await browser.newContext({ userAgent, viewport: { width: 1280, height: 860 } });
}, 180_000);
afterAll(async () => {
  await browser.close();
  await world.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

async function openPage(url: string): Promise<{ page: Page; problems: string[] }> {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  await page.goto(url);
  return { page, problems };
}

const picture = (page: Page, name: string) => page.screenshot({ path: path.join(pictures, `${name}.png`) });

test("a shopper buys a kit and a print; the merchant sees both sent, enters a parcel, and the shopper sees it", async () => {
  const { page: shop, problems } = await openPage(world.shopifyUrl);
  await picture(shop, "catalogue");
  // The page of a shop without the app's block; dot-preview.test.ts buys through the block.
  await shop.goto(`${world.shopifyUrl}/products/dot-painting-kit?plain=1`);
  await shop.getByText("40 × 50 cm").click();
  await picture(shop, "product");
  await shop.getByRole("button", { name: "Add to cart" }).click();
  await shop.goto(`${world.shopifyUrl}/products/custom-map-print`);
  await shop.getByLabel("Town").fill("Łódź");
  await shop.getByRole("button", { name: "Add to cart" }).click();
  await shop.goto(`${world.shopifyUrl}/checkout`);
  await picture(shop, "checkout");
  await shop.getByRole("button", { name: "Pay now" }).click();
  await shop.getByText("Thank you").waitFor();
  const name = /#\d+/.exec(await shop.title())?.[0] ?? "";

  const { page: admin, problems: adminProblems } = await openPage(`${world.adminUrl}/orders`);
  const app = admin.frameLocator("#app");
  const isShown = async (text: string) => (await app.getByText(text).count()) > 0;
  await until(async () => {
    await admin.reload();
    await app.getByRole("heading", { name: "Orders", level: 1 }).waitFor();
    return (await isShown("MGE DOT: Sent")) && (await isShown("Ideal Factory OMS: Sent"));
  });
  await picture(admin, "orders");
  expect(await seriousTroubles(admin)).toEqual([]);
  await app.getByRole("link", { name }).click();
  await app.getByRole("heading", { name }).waitFor();
  await picture(admin, "order");
  expect(await seriousTroubles(admin)).toEqual([]);

  await enterParcel(app);
  await picture(admin, "parcel");

  await shop.getByText("DHL Express 00340434161094000001").waitFor();
  await picture(shop, "status");
  expect([problems, adminProblems]).toEqual([[], []]);
}, 120_000);

test("what was saved is shown as it is stored, and no longer called unsaved", async () => {
  const { page: admin, problems } = await openPage(`${world.adminUrl}/products`);
  const app = admin.frameLocator("#app");
  const unsaved = admin.getByText("Unsaved changes");
  await app.getByRole("link", { name: "Choose what Plain T-shirt, M is" }).click();
  await app.getByLabel("Made by").selectOption({ label: "Ideal Factory OMS" });
  await unsaved.waitFor();
  await app.getByRole("button", { name: "Save this choice" }).click();
  await unsaved.waitFor({ state: "hidden" });
  await app.getByText("Made by Ideal Factory OMS").waitFor();
  const chosen = await app
    .getByLabel("Made by")
    .evaluate((it: HTMLSelectElement) => it.selectedOptions[0]?.text);
  expect(chosen).toBe("Ideal Factory OMS");

  // Dora, because the other tests buy nothing there: an order would now wait seven minutes.
  await admin.goto(`${world.adminUrl}/vendors`);
  await app.getByRole("link", { name: "Open Dora" }).click();
  const wait = app.getByLabel("Wait before sending");
  await wait.fill("7");
  await admin.getByRole("button", { name: "Save", exact: true }).click();
  await unsaved.waitFor({ state: "hidden" });
  expect(await wait.inputValue()).toBe("7");
  expect(problems).toEqual([]);
}, 120_000);

test("after Send now the page says Sent by itself, without loading it again", async () => {
  // WHCC, because the other tests buy nothing there.
  const { page: admin, problems } = await openPage(`${world.adminUrl}/vendors`);
  const app = admin.frameLocator("#app");
  await app.getByRole("link", { name: "Open WHCC" }).click();
  await app.getByLabel("Wait before sending").fill("9");
  await admin.getByRole("button", { name: "Save", exact: true }).click();
  await admin.getByText("Unsaved changes").waitFor({ state: "hidden" });
  const { name } = await buy(world, [
    { sku: "ALBUM-20", quantity: 1, properties: { _editor_id: "demoAlbum" } },
  ]);

  await until(async () => {
    await admin.goto(`${world.adminUrl}/orders`);
    await app.getByRole("heading", { name: "Orders", level: 1 }).waitFor();
    return (await app.getByRole("link", { name }).count()) > 0;
  });
  await app.getByRole("link", { name }).click();
  await app.getByText("It will be sent at").waitFor();
  // A page that is loaded again forgets this.
  const page = admin.frame({ name: "app-iframe" });
  await page?.evaluate(() => Object.assign(globalThis, { isTheSame: true }));
  await app.getByRole("button", { name: "Send now" }).click();
  await app.getByText("Sent", { exact: true }).first().waitFor();

  expect(await page?.evaluate(() => "isTheSame" in globalThis)).toBe(true);
  expect(problems).toEqual([]);
}, 120_000);

const lost = /^The answer did not arrive/;

test("the connection is cut while Save is pressed: the sentence says so, and every field still holds what was typed", async () => {
  const { page: admin, problems } = await openPage(`${world.adminUrl}/vendors`);
  const app = admin.frameLocator("#app");
  await app.getByRole("link", { name: "Open Dora" }).click();
  const [name, wait] = [app.getByLabel("Name of this connection"), app.getByLabel("Wait before sending")];
  await name.fill("Dora in Vilnius");
  await wait.fill("11");
  // Neither the click nor what a page would read afterwards comes through.
  await admin.route(/\.data(\?|$)/, (route) => route.abort());
  await admin.getByRole("button", { name: "Save", exact: true }).click();
  await app.getByText(lost).waitFor();
  await picture(admin, "connection-cut");
  expect(await app.getByText(lost).allTextContents()).toEqual([
    "The answer did not arrive, but it may have been done all the same. What you typed is still here. Load the page again, or look at the vendor, before you try again.",
  ]);
  expect([await name.inputValue(), await wait.inputValue()]).toEqual(["Dora in Vilnius", "11"]);
  expect(await seriousTroubles(admin)).toEqual([]);

  await admin.unroute(/\.data(\?|$)/);
  // The other tests look for the vendor under its own name.
  await name.fill("Dora");
  await admin.getByRole("button", { name: "Save", exact: true }).click();
  await admin.getByText("Unsaved changes").waitFor({ state: "hidden" });
  expect([await wait.inputValue(), await app.getByText(lost).count()]).toEqual(["11", 0]);

  await admin.goto(`${world.adminUrl}/products`);
  await app.getByRole("link", { name: /what Plain T-shirt, L is/ }).click();
  await app.getByLabel("Made by").selectOption({ label: "Ideal Factory OMS" });
  await admin.route(/\.data(\?|$)/, (route) => route.abort());
  await app.getByRole("button", { name: "Save this choice" }).click();
  await app.getByText(lost).waitFor();
  expect(await app.getByLabel("Made by").locator("option:checked").textContent()).toBe("Ideal Factory OMS");
  expect(problems).toEqual([]);
}, 120_000);

test("an answer is lost on its way back: the page does not say that nothing was done", async () => {
  const { page: admin, problems } = await openPage(`${world.adminUrl}/vendors`);
  const app = admin.frameLocator("#app");
  await app.getByRole("link", { name: "Open dotcph" }).click();
  await app.getByRole("link", { name: "Open the catalogue" }).click();
  await app.getByRole("heading", { name: "Catalogue", level: 1 }).waitFor();
  let isDone = false;
  await admin.route(/\.data(\?|$)/, async (route) => {
    if (route.request().method() === "POST") isDone = (await route.fetch()).ok();
    await route.abort();
  });
  await app.getByRole("button", { name: "See what would change" }).click();
  await app.getByText(lost).waitFor();
  expect(await app.getByText(lost).textContent()).toMatch(
    /may have been done all the same.*Load the page again/,
  );
  expect([isDone, await app.getByText("That was not done").count()]).toEqual([true, 0]);

  // An answer of a server in between that did not reach the app is none either.
  await admin.unroute(/\.data(\?|$)/);
  await admin.route(/\.data(\?|$)/, (route) => route.fulfill({ status: 502, body: "<h1>Bad Gateway</h1>" }));
  await app.getByRole("button", { name: "Dismiss notification" }).click();
  await app.getByText(lost).waitFor({ state: "hidden" });
  await app.getByRole("button", { name: "See what would change" }).click();
  await app.getByText(lost).waitFor();
  expect(problems).toEqual([]);
}, 120_000);

test("every page of the app opens without an error, in a phone's width too", async () => {
  for (const place of ["", "/orders", "/products", "/vendors", "/vendors/dot", "/storefront", "/settings"]) {
    const { page, problems } = await openPage(`${world.adminUrl}${place}`);
    const app = page.frameLocator("#app");
    await app.getByRole("heading", { level: 1 }).first().waitFor();
    await picture(page, `page${place.replaceAll("/", "-") || "-home"}`);
    await page.setViewportSize({ width: 390, height: 844 });
    await picture(page, `phone${place.replaceAll("/", "-") || "-home"}`);
    const overflow = await app.locator("html").evaluate((html) => html.scrollWidth - html.clientWidth);
    expect([place, overflow, problems, await seriousTroubles(page)]).toEqual([place, 0, [], []]);
    await page.close();
  }
}, 120_000);

async function enterParcel(app: FrameLocator): Promise<void> {
  await app
    .getByRole("button", { name: /parcel|tracking/i })
    .first()
    .click();
  await app.getByLabel("Carrier").fill("DHL Express");
  await app.getByLabel("Tracking number").fill("00340434161094000001");
  await app.getByRole("button", { name: "Enter this parcel" }).click();
  await app.getByText("00340434161094000001").first().waitFor();
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end;) if (await holds()) return;
  throw new Error(`waited in vain; the last lines were:\n${said.slice(-20).join("\n")}`);
}

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What axe-core finds inside the app's frame and calls serious or critical (WCAG 2.2 AA). */
async function seriousTroubles(page: Page): Promise<string[]> {
  const frame = page.frame({ name: "app-iframe" });
  if (!frame) throw new Error("the app's frame is not there");
  await frame.addScriptTag({ path: axe });
  const found = await frame.evaluate(async () => {
    const { axe: tool } = globalThis as unknown as { axe: typeof import("axe-core") };
    const { violations } = await tool.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] });
    return violations.map(({ id, impact, nodes }) => ({
      id,
      impact,
      where: nodes.map(({ html }) => html.slice(0, 120)),
    }));
  });
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, where }) => `${id}: ${where.join(" | ")}`);
}
