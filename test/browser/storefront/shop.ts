// One shopper's page in the running demo world, for the tests of the photo block: what the shopper does, which
// references the app gave out, and what the paid order says.
import type { BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import type { DemoWorld } from "#sandbox/demo/world.ts";
import type { Photo } from "./photos.ts";

/** The three structures of themes. */
export const themes = ["dawn", "horizon", "vintage"] as const;
export type ThemeName = (typeof themes)[number];

/** The kit of the demo shop: two sizes without a frame. */
export const kit = { path: "/products/dot-painting-kit", small: "30 × 40 cm", middle: "40 × 50 cm" };

/** A selection as the block told the page of it: the reference that goes into the cart, and what it stands for. */
export interface Selected {
  ref: string;
  look: string;
  variant: string;
}

/** The photo and the look a shopper wants. */
export interface Choice {
  photo: Photo;
  look: "source" | "drama";
}

/** What a paid order says of its only line. */
export interface Bought {
  orderId: string;
  name: string;
  variant: string;
  sku: string;
  ref: string | undefined;
  properties: Record<string, string>;
  /** What its shopper had chosen, and the picture of it that the cart showed; absent without a reference. */
  chosen?: Choice & { picture: Buffer };
}

interface Kept {
  selections: Selected[];
  session: [string, string][];
  local: [string, string][];
}

/** What the tests drive. */
export type Shopper = Awaited<ReturnType<typeof createShopper>>;

/** A shopper in this browser; `watch` is told of every page of theirs, for each visitor has a new one. */
export async function createShopper(
  world: DemoWorld,
  context: BrowserContext,
  watch: (page: Page) => void = () => {},
) {
  /** Every selection the app has given this visitor, the newest last. */
  const selections: Selected[] = [];
  const uploads: string[] = [];
  /** Every order that was paid, whoever paid it. */
  const paid: Bought[] = [];
  const kept = new Map<string, Kept>();
  let wanted: Choice | undefined;
  let base = world.shopifyUrl;
  // By the page's own event: an answer's body is gone when the page has moved on to the cart.
  await context.exposeBinding("sayDotSelected", (_, selected: Selected) => void selections.push(selected));
  await context.addInitScript(() => {
    document.addEventListener("dot:selected", (event) => {
      const { sayDotSelected } = globalThis as unknown as { sayDotSelected(selected: unknown): void };
      sayDotSelected((event as CustomEvent).detail);
    });
  });
  const openPage = async (): Promise<Page> => {
    const fresh = await context.newPage();
    fresh.setDefaultTimeout(20_000);
    fresh.on("response", (response) => {
      const { pathname } = new URL(response.url());
      if (response.request().method() === "POST" && /\/artworks$|^\/u$/.test(pathname))
        uploads.push(`${pathname} ${response.status()}`);
    });
    watch(fresh);
    return fresh;
  };
  let page = await openPage();

  const at = (name: string) => page.locator(`[data-dot="${name}"]`);
  const url = (path: string, query: Record<string, string> = {}): string => {
    const to = new URL(path, base);
    for (const [name, value] of Object.entries(query)) to.searchParams.set(name, value);
    return to.href;
  };
  /** A request with the visitor's cookies, to the shop itself. */
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = (await context.cookies(base)).map(({ name, value }) => `${name}=${value}`).join("; ");
    return fetch(world.shopifyUrl + path, { ...init, headers: { cookie }, redirect: "manual" });
  };
  const cart = async (): Promise<Cart> => (await (await ask("/cart.js")).json()) as Cart;
  const ready = (within = "main") =>
    page.waitForSelector(`${within} [data-dot="add-state"][data-value="ready"]`, { timeout: 40_000 });

  const self = {
    /** The page of the moment. */
    get page(): Page {
      return page;
    },
    at,
    url,
    selections,
    uploads,
    paid,
    ready,
    /** A new visitor: a tab of their own, no cart, nothing remembered. */
    async fresh(): Promise<{ page: Page }> {
      const before = page;
      page = await openPage();
      // With its tab goes whatever the visitor before had under way.
      await before.close();
      await context.setOffline(false);
      await self.limitProxy();
      base = world.shopifyUrl;
      await context.clearCookies();
      const devtools = await context.newCDPSession(page);
      for (const origin of [world.shopifyUrl, domain])
        await devtools.send("Storage.clearDataForOrigin", { origin, storageTypes: "all" });
      await devtools.detach();
      uploads.length = 0;
      selections.length = 0;
      wanted = undefined;
      return { page };
    },
    /** Opens the kit's page in a theme. */
    async open(theme: ThemeName, query: Record<string, string> = {}): Promise<void> {
      await page.goto(url(kit.path, { theme, ...query }));
    },
    /** Gives the block a photo. */
    async give({ photo, look }: Choice): Promise<void> {
      wanted = { photo, look };
      const file = { name: photo.name, mimeType: "image/jpeg", buffer: photo.file };
      await at("input").first().setInputFiles(file);
    },
    /** Chooses a look when its painting is there. */
    async pick(look: Choice["look"]): Promise<void> {
      if (wanted) wanted = { ...wanted, look };
      await page.waitForSelector(`main [data-dot="look"][value="${look}"]:enabled`, { timeout: 60_000 });
      await page.locator(`main [data-dot="look"][value="${look}"]`).first().check();
    },
    /** From the photo to the chosen look, on the open page. */
    async choose(choice: Choice): Promise<void> {
      await self.give(choice);
      await self.pick(choice.look);
      await ready();
    },
    /** A visitor who has chosen before, in this tab: the first time really, then from what the tab remembers. */
    async openChosen(choice: Choice, theme: ThemeName, query: Record<string, string> = {}): Promise<void> {
      await self.fresh();
      const name = `${choice.photo.name} ${choice.look}`;
      const known = kept.get(name);
      if (!known) {
        await self.open(theme, query);
        await self.choose(choice);
        const memory = await page.evaluate(() => ({
          session: Object.entries(sessionStorage) as [string, string][],
          local: Object.entries(localStorage) as [string, string][],
        }));
        kept.set(name, { ...memory, selections: [...selections] });
        return;
      }
      wanted = choice;
      await page.goto(url("/cart"));
      await page.evaluate(({ session, local }) => {
        for (const [name, value] of session) sessionStorage.setItem(name, value);
        for (const [name, value] of local) localStorage.setItem(name, value);
      }, known);
      selections.push(...known.selections);
      await self.open(theme, query);
      await ready();
    },
    /** Waits until the app has given a reference for this size, and the block shows it. */
    async chosenFor(label: string): Promise<void> {
      const variant = await self.variantOf(label);
      await expect.poll(() => selections.at(-1)?.variant, { timeout: 40_000 }).toBe(variant);
      await ready();
    },
    /** The kit's variant of a size. */
    async variantOf(label: string): Promise<string> {
      const answer = await fetch(`${world.shopifyUrl}/_sandbox/products`);
      const products = (await answer.json()) as Product[];
      const own = products.find(({ handle }) => kit.path.endsWith(`/${handle}`));
      const variant = own?.variants.find(({ options }) => options[0] === label);
      if (!variant) throw new Error(`the kit has no size ${label}`);
      return variant.id;
    },
    /** Chooses another size by the theme's own picker. */
    async size(label: string, within = "main"): Promise<void> {
      const select = page.locator(`${within} select[name=id]`);
      if ((await select.count()) > 0)
        return void (await select.selectOption({ label: `${label} / Without frame` }));
      await page.locator(`${within} .pills label`, { hasText: label }).click();
    },
    /** Presses the theme's own button. */
    add: (within = "main") =>
      page.locator(`${within} form[action="/cart/add"] button[name=add]`).click({ timeout: 40_000 }),
    buyNow: () =>
      page.locator("main .shopify-payment-button__button, main shopify-accelerated-checkout button").click(),
    /** Waits until the cart has a line. */
    async inCart(): Promise<void> {
      await expect.poll(self.cartCount, { timeout: 45_000 }).toBe(1);
    },
    cartCount: async (): Promise<number> => (await cart()).item_count,
    cartLines: async (): Promise<Cart["items"]> => (await cart()).items,
    /** Pays what is in the cart; what the shop's order then says. */
    async pay(): Promise<Bought> {
      const answer = await ask("/checkout", { method: "POST", body: new URLSearchParams(buyer) });
      expect(answer.status).toBe(303);
      const token = answer.headers.get("location")?.split("/").at(-1);
      const orders = (await (await ask("/_sandbox/orders?last=5")).json()) as Order[];
      const order = orders.find((one) => one.token === token);
      const line = order?.lines[0];
      if (!order || !line) throw new Error("the shop has no such order");
      expect(order.lines).toHaveLength(1);
      const properties = Object.fromEntries(line.properties.map(({ name, value }) => [name, value]));
      const { variantId: variant, sku } = line;
      const ref = properties["_dot_ref"];
      const bought: Bought = { orderId: order.id, name: order.name, variant, sku, ref, properties };
      paid.push(bought);
      if (ref === undefined || !wanted) return bought;
      const { pathname, search } = new URL(properties["Your photo"] ?? "", base);
      const shown = await ask(pathname + search);
      expect(shown.status, "the picture that the cart shows").toBe(200);
      bought.chosen = { ...wanted, picture: Buffer.from(await shown.arrayBuffer()) };
      return bought;
    },
    /** Pays, and holds the order's line against what the app gave out for its variant. */
    async payRight(): Promise<Bought> {
      const bought = await self.pay();
      const given = selections.findLast(({ variant }) => variant === bought.variant);
      expect(given, "a selection for the variant that was paid").toBeDefined();
      expect(bought.ref).toBe(given?.ref);
      expect(given?.look).toBe(wanted?.look);
      expect(bought.properties["Design"]).toBe(designs[given?.look ?? ""]);
      expect(bought.properties["Your photo"]).toContain("/uploads/");
      return bought;
    },
    /** From here on the shop has its real address: the app's door for direct uploads looks at where a page is from. */
    underItsDomain(): void {
      base = domain;
    },
    /** How large a body the app proxy takes; undefined: any. */
    async limitProxy(bytes?: number): Promise<void> {
      const to = new URL("/_storefront/proxy", world.shopifyUrl);
      if (bytes !== undefined) to.searchParams.set("most", String(bytes));
      await fetch(to, { method: "POST" });
    },
  };
  return self;
}

/** The shop's address for the world; the relay of tls.ts stands there. */
const domain = "https://demo.myshopify.com";

/** What the cart calls each look. */
const designs: Record<string, string> = { source: "True to the photo", drama: "Dramatic" };

/** /cart.js, the parts that are looked at. */
interface Cart {
  item_count: number;
  items: { id: number; quantity: number; properties: Record<string, string> }[];
}

interface Product {
  handle: string;
  variants: { id: string; options: string[] }[];
}

interface Order {
  id: string;
  name: string;
  token: string;
  lines: { variantId: string; sku: string; properties: { name: string; value: string }[] }[];
}

const buyer = {
  email: "ana.tan@example.com",
  firstName: "Ana",
  lastName: "Tan",
  address1: "1 Main St",
  city: "Singapore",
  zip: "018956",
  country: "Singapore",
  countryCode: "SG",
  phone: "+6581234567",
  payment: "now",
};
