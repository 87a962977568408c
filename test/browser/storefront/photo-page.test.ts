// The page behind the link of a kit that was paid without a photo, in a phone's browser against the real app: from the
// merchant's link to exactly that picture at MGE DOT, and what a used and a broken link say.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, expect, onTestFailed, test } from "vitest";
import { buildIfNeeded } from "#sandbox/demo/build.ts";
import { createMerchant, type Merchant } from "#sandbox/demo/merchant.ts";
import { setUpShop } from "#sandbox/demo/setup.ts";
import { startWorld, type DemoWorld } from "#sandbox/demo/world.ts";
import { samplePhoto } from "#sandbox/shopify/storefront/sample-photo.ts";
import { launchBrowser, userAgent } from "../launch.ts";
import { createShopper, kit } from "./shop.ts";

const folder = mkdtempSync(path.join(tmpdir(), "makerlane-photo-page-"));
const pictures = path.resolve(".data/screenshots");
const said: string[] = [];
const problems: string[] = [];
let world: DemoWorld;
let browser: Browser;
let page: Page;
let shopper: ReturnType<typeof createShopper>;
let merchant: Merchant;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  await buildIfNeeded();
  [world, browser] = await Promise.all([
    startWorld({
      folder,
      encryptionKeys: `test:${Buffer.alloc(32, 7).toString("base64")}`,
      fixedPorts: false,
      env: { DATA_DIR: folder },
      listen: (name, line) => said.push(`${name} ${typeof line === "string" ? line : JSON.stringify(line)}`),
    }),
    launchBrowser(),
  ]);
  merchant = createMerchant(world);
  await setUpShop(world, merchant);
  const viewport = { width: 390, height: 844 };
  const context = await browser.newContext({ userAgent, viewport, locale: "en-GB" });
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => problems.push(error.stack ?? error.message));
  // What the page's own policy forbids is said to the console only.
  page.on("console", (one) => {
    if (/Content Security Policy/.test(one.text())) problems.push(one.text());
  });
  shopper = createShopper(world, context, page);
}, 180_000);
afterAll(async () => {
  await browser.close();
  await world.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const picture = (name: string) =>
  page.screenshot({ path: path.join(pictures, `photo-page-${name}.png`), fullPage: true });

interface OrderPage {
  pictures: { look?: string; ask?: { url: string; openedAt?: string; usedAt?: string } }[];
}

/** The order's id, and what the merchant's list says of its part. */
async function rowOf(name: string): Promise<{ id: string; says: string } | undefined> {
  const { rows } = (await merchant.load("/app/orders")) as {
    rows: { id: string; name: string; parts: { badge: unknown }[] }[];
  };
  const row = rows.find((one) => one.name === name);
  return row && { id: row.id, says: JSON.stringify(row.parts.map(({ badge }) => badge)) };
}

/** What the order's page tells the merchant of its first picture. */
async function shownOf(id: string): Promise<OrderPage["pictures"][number] | undefined> {
  return ((await merchant.load(`/app/orders/${id}`)) as unknown as OrderPage).pictures[0];
}

/** A kit that is put into the cart past the block, and paid: the order is held, and its link. */
async function boughtWithoutPhoto(): Promise<{ id: string; name: string; sku: string; url: string }> {
  await shopper.fresh();
  await shopper.open("dawn");
  await page.evaluate(async () => {
    const { variants } = JSON.parse(document.querySelector("[data-dot=data]")?.textContent ?? "{}") as {
      variants: string[];
    };
    await fetch("/cart/add.js", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ items: [{ id: Number(variants[0]), quantity: 1 }] }),
    });
  });
  const { name, sku, ref } = await shopper.pay();
  expect(ref).toBeUndefined();
  await expect.poll(async () => (await rowOf(name))?.says, { timeout: 20_000 }).toMatch(/held|needs/i);
  const id = (await rowOf(name))?.id ?? "";
  const { ask } = (await shownOf(id)) ?? {};
  expect(ask?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/photo\/\S+$/);
  return { id, name, sku, url: ask?.url ?? "" };
}

interface LedgerLine {
  sku: string;
  detail: { preview_option_id?: string; look?: string };
}

async function made(): Promise<LedgerLine[]> {
  const answer = await fetch(`${world.vendorUrls.dot}/_sandbox/ledger`);
  return ((await answer.json()) as { lines: LedgerLine[] }[]).flatMap(({ lines }) => lines);
}

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What axe-core calls serious or critical (WCAG 2.2 AA), and how far the page is wider than the phone. */
async function troubles(): Promise<unknown[]> {
  // Run from outside: the page's policy lets no other script in.
  await page.evaluate(await readFile(axe, "utf8"));
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    return [
      ...violations
        .filter(({ impact }) => ["serious", "critical"].includes(impact))
        .map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
      ...(wide > 0 ? [["wider than the phone", wide]] : []),
    ];
  });
}

test("A kit paid without a photo gets it by the merchant's link, and exactly that picture is made, once", async () => {
  onTestFailed(async () => {
    await picture("failed");
    process.stderr.write(`${said.slice(-15).join("\n")}\n`);
  });
  const { id, name, sku, url } = await boughtWithoutPhoto();
  const opened = await page.goto(url);
  expect(opened?.status()).toBe(200);
  const text = () => page.locator("main").innerText();
  for (const words of [
    "Add your photo",
    kit.small,
    "What happens next",
    "Your photo is used only to make your kit.",
  ])
    expect(await text()).toContain(words);
  await expect.poll(text).toContain("It is deleted 60 days after your kit was sent.");
  expect(await text()).not.toMatch(/cart|\[\w+\]/i);
  await picture("empty");
  expect(await troubles()).toEqual([]);
  expect((await shownOf(id))?.ask?.openedAt).toBeDefined();

  // Pressed too early the button says what is missing.
  await shopper.at("add").click({ force: true });
  await expect.poll(() => shopper.at("error").textContent()).toBe("Add a photo and choose a look first.");

  const photo = await sharp(samplePhoto()).resize(1200, 1600).jpeg().toBuffer();
  await shopper.choose(photo, "drama");
  await picture("chosen");
  expect(await troubles()).toEqual([]);
  const stays = await page.evaluate(() => sessionStorage.length);
  expect(stays).toBe(1);
  // A reload loses nothing.
  await page.reload();
  await shopper.ready();
  const sent = page.waitForResponse((answer) => answer.url().endsWith("/selections"));
  const preview = page.waitForRequest((asked) => asked.url().endsWith("/selections"));
  await shopper.at("add").click();
  expect((await sent).status()).toBe(200);
  const chosen = (await preview).postDataJSON() as Record<string, string>;
  await page.getByRole("heading", { name: "Thank you!" }).waitFor();
  await picture("done");
  expect(await troubles()).toEqual([]);
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  expect(await page.locator('[data-dot="large"]').isVisible()).toBe(true);

  // The answer may not have reached the browser: the same choice again is the same choice.
  const again = (look: string) =>
    fetch(`${url}/api/selections`, { method: "POST", body: JSON.stringify({ ...chosen, look }) });
  expect((await again("drama")).status).toBe(200);
  expect((await again("source")).status).toBe(410);

  await expect.poll(async () => (await rowOf(name))?.says, { timeout: 30_000 }).toMatch(/sent/i);
  const [line, ...more] = await made();
  expect(more).toEqual([]);
  expect(line).toMatchObject({ sku, detail: { look: "drama" } });
  expect(line?.detail.preview_option_id).toBeTruthy();
  const shown = await shownOf(id);
  expect(shown?.look).toBe("Dramatic");
  expect(shown?.ask?.usedAt).toBeDefined();

  const closed = await page.goto(url);
  expect(closed?.status()).toBe(410);
  await page.getByRole("heading", { name: "Your picture is already with your order" }).waitFor();
  expect(await page.locator("dot-kit, img").count()).toBe(0);
  await picture("used");
  expect(await troubles()).toEqual([]);
  expect(problems.splice(0)).toEqual([]);
}, 120_000);

test("A link that was changed on its way says so and opens nothing", async () => {
  const { id, url } = await boughtWithoutPhoto();
  const at = url.length - 5;
  const changed = url.slice(0, at) + (url[at] === "A" ? "B" : "A") + url.slice(at + 1);
  const answer = await page.goto(changed);
  expect(answer?.status()).toBe(404);
  await page.getByRole("heading", { name: "This link is not complete" }).waitFor();
  expect(await page.locator("dot-kit").count()).toBe(0);
  await picture("broken");
  expect((await fetch(`${changed}/api/products/1`)).status).toBe(410);
  expect((await shownOf(id))?.ask?.openedAt).toBeUndefined();
  expect(problems.splice(0)).toEqual([]);
}, 60_000);

test("The page has every hook that the theme's block has, but for those of a cart", async () => {
  const { url } = await boughtWithoutPhoto();
  const hooksIn = (text: string) => [...text.matchAll(/data-dot="([\w-]+)"/g)].map(([, hook]) => hook);
  const snippets = ["kit", "data", "stage", "own"].map((one) =>
    readFile(`extensions/dot-preview/snippets/dot-preview-${one}.liquid`, "utf8"),
  );
  // The paid size stands fast, the app has no wish for consent here, and there is no page to fall back to.
  const notHere = ["variant", "consent", "fallback"];
  const theme = hooksIn((await Promise.all(snippets)).join("")).filter(
    (hook) => !notHere.includes(hook ?? ""),
  );
  expect(hooksIn(await (await fetch(url)).text()).sort()).toEqual(theme.sort());
}, 60_000);
