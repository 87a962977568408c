// One shopper's page in the running demo world, for the tests of the photo block: what the shopper does, which
// references the app gave out, and what the paid order says.
import type { BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import type { DemoWorld } from "#sandbox/demo/world.ts";

/** The three structures of themes. */
export const themes = ["dawn", "horizon", "vintage"] as const;
export type ThemeName = (typeof themes)[number];

/** The kit of the demo shop: two sizes without a frame. */
export const kit = { path: "/products/dot-painting-kit", small: "30 × 40 cm", middle: "40 × 50 cm" };

/** A selection as the app answered it. */
export interface Selected {
  ref: string;
  look: string;
  variant: string;
}

/** What a paid order says of its first line. */
export interface Bought {
  orderId: string;
  name: string;
  variant: string;
  sku: string;
  ref: string | undefined;
  properties: Record<string, string>;
}

interface Kept {
  selections: Selected[];
  session: [string, string][];
  local: [string, string][];
}

/** What the tests drive. */
export function createShopper(world: DemoWorld, context: BrowserContext, page: Page) {
  /** Every selection the app has given this visitor, the newest last. */
  const selections: Selected[] = [];
  const uploads: string[] = [];
  let kept: Kept | undefined;
  let base = world.shopifyUrl;
  page.on("response", (response) => {
    const request = response.request();
    if (request.method() !== "POST") return;
    const { pathname } = new URL(response.url());
    if (/\/artworks$|^\/u$/.test(pathname)) uploads.push(`${pathname} ${response.status()}`);
    if (!pathname.endsWith("/selections") || !response.ok()) return;
    const asked = request.postDataJSON() as { look: string; variant: string };
    void response.json().then(({ ref }: { ref: string }) => {
      selections.push({ ref, look: asked.look, variant: asked.variant });
    });
  });

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
  const ready = (within = "main") =>
    page.waitForSelector(`${within} [data-dot="add-state"][data-value="ready"]`, { timeout: 40_000 });

  const self = {
    page,
    at,
    url,
    selections,
    uploads,
    ready,
    /** A new visitor: no cart, nothing remembered. */
    async fresh(): Promise<void> {
      await context.setOffline(false);
      await page.unrouteAll({ behavior: "ignoreErrors" });
      await self.limitProxy();
      base = world.shopifyUrl;
      await context.clearCookies();
      await page.goto(url("/cart"));
      await page.evaluate(() => {
        sessionStorage.clear();
        localStorage.clear();
      });
      uploads.length = 0;
      selections.length = 0;
    },
    /** Opens the kit's page in a theme. */
    async open(theme: ThemeName, query: Record<string, string> = {}): Promise<void> {
      await page.goto(url(kit.path, { theme, ...query }));
    },
    /** From the photo to the chosen look, on the open page. */
    async choose(photo: Buffer, look = "drama"): Promise<void> {
      await at("input").first().setInputFiles({ name: "photo.jpg", mimeType: "image/jpeg", buffer: photo });
      await page.waitForSelector(`main [data-dot="look"][value="${look}"]:enabled`, { timeout: 60_000 });
      await page.locator(`main [data-dot="look"][value="${look}"]`).first().check();
      await ready();
    },
    /** A visitor who has chosen before, in this tab: the first time really, then from what the tab remembers. */
    async openChosen(photo: Buffer, theme: ThemeName, query: Record<string, string> = {}): Promise<void> {
      await self.fresh();
      if (!kept) {
        await self.open(theme, query);
        await self.choose(photo);
        const memory = await page.evaluate(() => ({
          session: Object.entries(sessionStorage) as [string, string][],
          local: Object.entries(localStorage) as [string, string][],
        }));
        kept = { ...memory, selections: [...selections] };
        return;
      }
      await page.evaluate(({ session, local }) => {
        for (const [name, value] of session) sessionStorage.setItem(name, value);
        for (const [name, value] of local) localStorage.setItem(name, value);
      }, kept);
      selections.push(...kept.selections);
      await self.open(theme, query);
      await ready();
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
    async cartCount(): Promise<number> {
      const answer = await ask("/cart.js");
      return ((await answer.json()) as { item_count: number }).item_count;
    },
    /** Pays what is in the cart; what the shop's order then says. */
    async pay(): Promise<Bought> {
      const paid = await ask("/checkout", { method: "POST", body: new URLSearchParams(buyer) });
      expect(paid.status).toBe(303);
      const token = paid.headers.get("location")?.split("/").at(-1);
      const orders = (await (await ask("/_sandbox/orders?last=5")).json()) as Order[];
      const order = orders.find((one) => one.token === token);
      const line = order?.lines[0];
      if (!order || !line) throw new Error("the shop has no such order");
      expect(order.lines).toHaveLength(1);
      const properties = Object.fromEntries(line.properties.map(({ name, value }) => [name, value]));
      const { variantId: variant, sku } = line;
      return { orderId: order.id, name: order.name, variant, sku, ref: properties["_dot_ref"], properties };
    },
    /** Pays, and holds the order's line against what the app gave out for its variant. */
    async payRight(): Promise<Bought> {
      const bought = await self.pay();
      const given = selections.findLast(({ variant }) => variant === bought.variant);
      expect(given, "a selection for the variant that was paid").toBeDefined();
      expect(bought.ref).toBe(given?.ref);
      expect(bought.properties["Design"]).toBeTruthy();
      expect(bought.properties["Your photo"]).toContain("/uploads/");
      return bought;
    },
    /** From here on the shop has its real address: the app's door for direct uploads looks at where a page is from. */
    underItsDomain(): void {
      base = "https://demo.myshopify.com";
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
