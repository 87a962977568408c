// The page behind the link of a kit that was paid without a photo, in a phone's browser against the real app: from the
// merchant's link to exactly that picture at MGE DOT, and what a used and a broken link say.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { soon, useStorefront } from "./front.ts";
import { expectMade } from "./made.ts";
import { kit, type Bought, type Choice } from "./shop.ts";

const storefront = useStorefront({ viewport: { width: 390, height: 844 }, locale: "en-GB" });
const { front } = storefront;
const picture = (name: string) => storefront.picture(`photo-page-${name}`);
const page = () => front().shopper.page;

interface OrderPage {
  pictures: { look?: string; ask?: { url: string; openedAt?: string; usedAt?: string } }[];
}

/** The order's id, and what the merchant's list says of its part. */
async function rowOf(name: string): Promise<{ id: string; says: string } | undefined> {
  const { rows } = (await front().merchant.load("/app/orders")) as {
    rows: { id: string; name: string; parts: { badge: unknown }[] }[];
  };
  const row = rows.find((one) => one.name === name);
  return row && { id: row.id, says: JSON.stringify(row.parts.map(({ badge }) => badge)) };
}

/** What the order's page tells the merchant of its first picture. */
async function shownOf(id: string): Promise<OrderPage["pictures"][number] | undefined> {
  return ((await front().merchant.load(`/app/orders/${id}`)) as unknown as OrderPage).pictures[0];
}

/** A kit that is put into the cart past the block, and paid: the order is held, and its link. */
async function boughtWithoutPhoto(): Promise<{ id: string; bought: Bought; url: string }> {
  const { shopper } = front();
  await shopper.fresh();
  await shopper.open("dawn");
  await page().evaluate(async () => {
    const { variants } = JSON.parse(document.querySelector("[data-dot=data]")?.textContent ?? "{}") as {
      variants: string[];
    };
    await fetch("/cart/add.js", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ items: [{ id: Number(variants[0]), quantity: 1 }] }),
    });
  });
  const bought = await shopper.pay();
  const { name } = bought;
  expect(bought.ref).toBeUndefined();
  await soon(async () => (await rowOf(name))?.says).toMatch(/held|needs/i);
  const id = (await rowOf(name))?.id ?? "";
  const { ask } = (await shownOf(id)) ?? {};
  expect(ask?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/photo\/\S+$/);
  return { id, bought, url: ask?.url ?? "" };
}

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What axe-core calls serious or critical (WCAG 2.2 AA), and how far the page is wider than the phone. */
async function troubles(): Promise<unknown[]> {
  // Run from outside: the page's policy lets no other script in.
  await page().evaluate(await readFile(axe, "utf8"));
  return page().evaluate(async () => {
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
  const { shopper, world, photos } = front();
  const { id, bought, url } = await boughtWithoutPhoto();
  const { name } = bought;
  const opened = await page().goto(url);
  expect(opened?.status()).toBe(200);
  const text = () => page().locator("main").innerText();
  for (const words of [
    "Add your photo",
    kit.small,
    "What happens next",
    "Your photo is used only to make your kit.",
  ])
    expect(await text()).toContain(words);
  await soon(text).toContain("It is deleted 60 days after your kit ");
  expect(await text()).not.toMatch(/cart|\[\w+\]/i);
  await picture("empty");
  expect(await troubles()).toEqual([]);
  expect((await shownOf(id))?.ask?.openedAt).toBeDefined();

  // Pressed too early the button says what is missing.
  await shopper.at("add").click({ force: true });
  await soon(() => shopper.at("error").textContent()).toBe("Add a photo and choose a look first.");

  const choice: Choice = { photo: photos[1], look: "drama" };
  await shopper.choose(choice);
  await picture("chosen");
  expect(await troubles()).toEqual([]);
  const stays = await page().evaluate(() => sessionStorage.length);
  expect(stays).toBe(1);
  // A reload loses nothing.
  await page().reload();
  await shopper.ready();
  const sent = page().waitForResponse((answer) => answer.url().endsWith("/selections"));
  const preview = page().waitForRequest((asked) => asked.url().endsWith("/selections"));
  await shopper.at("add").click();
  expect((await sent).status()).toBe(200);
  const chosen = (await preview).postDataJSON() as Record<string, string>;
  await page().getByRole("heading", { name: "Thank you!" }).waitFor();
  await picture("done");
  expect(await troubles()).toEqual([]);
  expect(await page().evaluate(() => sessionStorage.length)).toBe(0);
  expect(await page().locator('[data-dot="large"]').isVisible()).toBe(true);

  // The answer may not have reached the browser: the same choice again is the same choice.
  const again = (look: string) =>
    fetch(`${url}/api/selections`, { method: "POST", body: JSON.stringify({ ...chosen, look }) });
  expect((await again("drama")).status).toBe(200);
  expect((await again("source")).status).toBe(410);

  await soon(async () => (await rowOf(name))?.says).toMatch(/sent/i);
  const shownPicture = await page().evaluate(async () => {
    const image = document.querySelector<HTMLImageElement>('[data-dot="large"]');
    return [...new Uint8Array(await (await fetch(image?.src ?? "")).arrayBuffer())];
  });
  bought.chosen = { ...choice, picture: Buffer.from(shownPicture) };
  await expectMade(world, bought, photos);
  const shown = await shownOf(id);
  expect(shown?.look).toBe("Dramatic");
  expect(shown?.ask?.usedAt).toBeDefined();

  const closed = await page().goto(url);
  expect(closed?.status()).toBe(410);
  await page().getByRole("heading", { name: "Your picture is already with your order" }).waitFor();
  expect(await page().locator("dot-kit, img").count()).toBe(0);
  await picture("used");
  expect(await troubles()).toEqual([]);
}, 120_000);

test("A link that was changed on its way says so and opens nothing", async () => {
  const { id, url } = await boughtWithoutPhoto();
  const at = url.length - 5;
  const changed = url.slice(0, at) + (url[at] === "A" ? "B" : "A") + url.slice(at + 1);
  const answer = await page().goto(changed);
  expect(answer?.status()).toBe(404);
  await page().getByRole("heading", { name: "This link is not complete" }).waitFor();
  expect(await page().locator("dot-kit").count()).toBe(0);
  await picture("broken");
  expect((await fetch(`${changed}/api/products/1`)).status).toBe(410);
  expect((await shownOf(id))?.ask?.openedAt).toBeUndefined();
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
