// The gate at the cart in a real browser: every way in which themes send a product form, and what the line carries.
import { expect, test } from "vitest";
import { soon, useShopPage } from "./shop-page.ts";

const { wish, page, shop, at, state, ready, open, add, choose, line } = useShopPage();

/** A theme that listens on document in capture, and drops what the form holds while a variant change is under way. */
const droppingTheme = `<script>
let changing = false;
document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const data = new FormData(event.target);
  const body = changing ? JSON.stringify({ items: [{ id: data.get("id") }] }) : data;
  await fetch("/cart/add.js", { method: "POST", body, ...(changing && { headers: { "content-type": "application/json" } }) });
}, true);
window.changeVariant = (id) => {
  changing = true;
  document.querySelector("#product select").value = id;
  const promise = new Promise((done) => setTimeout(() => { changing = false; done({}); }, 600));
  document.dispatchEvent(Object.assign(new Event("shopify:product:select", { bubbles: true }), { promise }));
};
</script>`;

const lines = () => shop().seen.cart.length;
const ref = () => shop().seen.selections.at(-1)?.ref;

test("A theme that sends the form by script gets the picture with it", async () => {
  wish.after = droppingTheme;
  await open();
  await choose();
  await add();
  await soon(lines).toBe(1);
  expect(line()).toMatchObject({ id: "101", "properties[_dot_ref]": ref() });
});

test("A line added while the theme changes the size waits, and keeps its picture", async () => {
  wish.after = droppingTheme;
  await open();
  await choose();
  await page().evaluate(() =>
    (window as unknown as { changeVariant(id: string): void }).changeVariant("102"),
  );
  await add();
  await soon(lines).toBe(1);
  expect(line()).toMatchObject({ id: "102", "properties[_dot_ref]": ref() });
  expect(shop().seen.selections.at(-1)?.variant).toBe("102");
});

test("A click while a new size is being painted goes through by itself when it is ready, once", async () => {
  await open();
  await choose();
  shop().faults.paintingMs = 1200;
  await page().selectOption("#product select", "103");
  await add();
  await add();
  await page().waitForURL("**/cart", { timeout: 8000 });
  expect(lines()).toBe(1);
  expect(line()).toMatchObject({ id: "103", "properties[_dot_ref]": ref() });
});

test("A size changed while the theme's button is off is painted before the line goes", async () => {
  await open();
  await choose();
  shop().faults.paintingMs = 600;
  await page().selectOption("#product select", "102");
  await add();
  const switchOff = (off: boolean) =>
    page()
      .locator("#product button[name=add]")
      .evaluate((button, off) => button.toggleAttribute("disabled", off), off);
  await switchOff(true);
  await soon(() => shop().seen.selections.at(-1)?.variant).toBe("102");
  await page().waitForSelector('dot-kit[data-state="chosen"]:not([data-busy])');
  await page().selectOption("#product select", "103");
  await switchOff(false);
  await page().waitForURL("**/cart", { timeout: 8000 });
  expect(lines()).toBe(1);
  expect(shop().seen.selections.at(-1)?.variant).toBe("103");
  expect(line()).toMatchObject({ id: "103", "properties[_dot_ref]": ref() });
});

test("Buy it now waits at the same gate, and finds the picture inside the form", async () => {
  wish.after = `<script>document.getElementById("buy").addEventListener("click", () => {
  fetch("/cart/add", { method: "POST", body: new URLSearchParams([...document.querySelectorAll("#product [name]")].map((one) => [one.name, one.value])) });
});</script>`;
  await open();
  await page().click("#buy");
  await soon(() => at("error").textContent()).toContain("Add a photo");
  expect(lines()).toBe(0);
  await choose();
  await page().click("#buy");
  await soon(lines).toBe(1);
  expect(line()).toMatchObject({ "properties[_dot_ref]": ref() });
});

test("A form that a script submits past the gate still carries the picture", async () => {
  await open();
  await choose();
  await page().evaluate(() => document.querySelector<HTMLFormElement>("#product")?.submit());
  await page().waitForURL("**/cart");
  expect(line()).toMatchObject({ "properties[_dot_ref]": ref() });
});

test("The instalment form and other products' forms stay as they are", async () => {
  wish.after = `<form action="/cart/add" method="post" id="other"><input type="hidden" name="id" value="999"><button type="submit">Add</button></form>`;
  await open();
  await choose();
  expect(await page().locator("#instalments input").count()).toBe(1);
  await page().click("#other button");
  await page().waitForURL("**/cart");
  expect(line()).toEqual({ id: "999" });
});

test("A section that is drawn again shows what was chosen, and a script that runs twice does nothing twice", async () => {
  await open();
  await choose();
  await page().evaluate(() => {
    const kit = document.querySelector("dot-kit");
    const fresh = kit?.cloneNode(true);
    if (kit && fresh) kit.replaceWith(fresh);
    document.head.append(Object.assign(document.createElement("script"), { src: "/assets/dot-preview.js" }));
  });
  await state("chosen");
  await page().check('[data-dot="look"][value="source"]');
  await ready();
  await add();
  await page().waitForURL("**/cart");
  expect(lines()).toBe(1);
  expect(line()).toMatchObject({ "properties[_dot_ref]": ref(), "properties[Design]": "Natural" });
});

test("Two blocks of one product show the same photo and the same choice", async () => {
  wish.blocks = 2;
  await open();
  await choose();
  expect(await page().locator('[data-dot="look"][value="drama"]:checked').count()).toBe(2);
  expect(shop().seen.uploads).toHaveLength(1);
});

test("Back from the cart, the choice is still there", async () => {
  await open();
  await choose();
  await add();
  await page().waitForURL("**/cart");
  await page().goBack();
  await ready();
  await add();
  await page().waitForURL("**/cart");
  expect(lines()).toBe(2);
  expect(line()).toMatchObject({ "properties[_dot_ref]": ref() });
});

test("Where the platform's own action is there, the block's button uses it and opens the cart", async () => {
  wish.form = false;
  wish.after = `<script>window.Shopify = { actions: {
  updateCart: async (wish) => { window.wished = wish; return { cart: {} }; }, openCart: async () => { window.opened = true; } } };</script>`;
  await open();
  await choose();
  await at("add").click();
  await page().waitForFunction(() => "opened" in window);
  const wished = await page().evaluate(() => (window as unknown as { wished: unknown }).wished);
  expect(wished).toEqual({
    lines: [
      {
        merchandiseId: "gid://shopify/ProductVariant/101",
        quantity: 1,
        attributes: expect.arrayContaining([{ key: "_dot_ref", value: ref() }]),
      },
    ],
  });
});

test("The block's own button, pressed twice, adds one kit", async () => {
  wish.form = false;
  await open();
  await choose();
  // The button is there until the cart is, and this shopper presses all the time.
  shop().faults.cartMs = 500;
  await at("add").evaluate((button: HTMLButtonElement) => {
    button.click();
    setInterval(() => button.click(), 20);
  });
  await page().waitForURL("**/cart");
  expect(lines()).toBe(1);
});

test("The platform's own action, asked for twice while it works, adds one kit", async () => {
  wish.form = false;
  wish.after = `<script>window.lines = 0; window.Shopify = { actions: { updateCart: async () => {
  window.lines += 1; await new Promise((done) => setTimeout(done, 300)); return { cart: {} }; } } };</script>`;
  await open();
  await choose();
  const add = page().locator('[data-dot="add"]');
  await add.evaluate((button: HTMLButtonElement) => {
    button.click();
    button.click();
  });
  await page().waitForSelector('[data-dot="add-state"][data-value="waiting"]');
  await ready();
  expect(await page().evaluate(() => (window as unknown as { lines: number }).lines)).toBe(1);
  // Pressed once more afterwards it is another kit.
  await add.click();
  await page().waitForFunction(() => (window as unknown as { lines: number }).lines === 2);
});

test("An action of the shop that never ends leaves the block's button usable after half a minute", async () => {
  wish.form = false;
  // The half minute passes at once, as soon as the action was asked for.
  wish.after = `<script>window.lines = 0; window.Shopify = { actions: { updateCart: () => {
  window.lines += 1; return new Promise(() => {}); } } };
const real = window.setTimeout;
window.setTimeout = (done, ms, ...more) => real(done, ms === 30000 ? 300 : ms, ...more);</script>`;
  await open();
  await choose();
  const asked = (times: number) =>
    page().waitForFunction((times) => (window as unknown as { lines: number }).lines === times, times);
  await at("add").click();
  await asked(1);
  await page().waitForSelector('[data-dot="add-state"][data-value="waiting"]');
  await ready();
  await at("add").click();
  await asked(2);
});

test("On a hosted page nothing is bound before the button is pressed, and the page is told", async () => {
  Object.assign(wish, { form: false, mode: "page", settings: { own_button: "always" } });
  wish.after = `<script>addEventListener("dot:selected", (event) => { window.told = event.detail; });</script>`;
  await open();
  await at("add").click();
  await soon(() => at("error").textContent()).toContain("Add a photo");
  await choose();
  expect(shop().seen.selections).toEqual([]);
  await at("add").click();
  await page().waitForFunction(() => "told" in window);
  expect(await page().evaluate(() => (window as unknown as { told: unknown }).told)).toMatchObject({
    ref: ref(),
    look: "drama",
  });
  expect(lines()).toBe(0);
});
