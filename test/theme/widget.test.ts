// The widget in a real browser, on a page with a plain product form: from the photo to what reaches the cart.
import { expect, test } from "vitest";
import sharp from "sharp";
import { photo, soon, useShopPage } from "./shop-page.ts";

const { wish, page, context, shop, at, state, ready, open, add, choose, line, studio } = useShopPage();

test("A line without a picture stays out of the cart, and the shopper is told why", async () => {
  await open();
  await add();
  await soon(() => at("error").textContent()).toBe("Add a photo and choose a look first.");
  expect(shop().seen.cart).toEqual([]);
});

test("The chosen look goes into the cart with its reference, its name and its picture", async () => {
  await open();
  await choose();
  await add();
  await page().waitForURL("**/cart");
  const [selection] = shop().seen.selections;
  expect(line()).toEqual({
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
  expect(shop().seen.uploads).toEqual([
    { route: "proxy", bytes: expect.any(Number), width: 1800, height: 2400, exif: false },
  ]);
});

test("A size changed after the choice is painted again from the same photo before the line goes", async () => {
  await open();
  await choose();
  await page().selectOption("#product select", "103");
  await add();
  await page().waitForURL("**/cart");
  expect(shop().seen.uploads).toHaveLength(1);
  const last = shop().seen.selections.at(-1);
  expect(last).toMatchObject({ look: "drama", variant: "103" });
  const fields = line();
  expect(fields).toMatchObject({ id: "103", "properties[_dot_ref]": last?.ref });
});

test("A variant that needs no photo is sold without one", async () => {
  await open();
  await page().selectOption("#product select", "104");
  await add();
  await page().waitForURL("**/cart");
  expect(shop().seen.cart[0]?.fields).toEqual([
    ["id", "104"],
    ["add", ""],
  ]);
});

test("After a reload the shopper goes on where she was", async () => {
  await open();
  await choose("source");
  await page().reload();
  await ready();
  await soon(() => page().isChecked('[data-dot="look"][value="source"]')).toBe(true);
  await add();
  await page().waitForURL("**/cart");
  expect(shop().seen.uploads).toHaveLength(1);
  expect(line()["properties[_dot_ref]"]).toBe(shop().seen.selections.at(-1)?.ref);
});

test("When the proxy refuses the photo it goes straight to the app", async () => {
  shop().faults.refuseUploads = true;
  await open();
  await choose();
  expect(shop().seen.uploads.map(({ route }) => route)).toEqual(["direct"]);
});

test("When the app is busy the widget says for how long and tries again by itself", async () => {
  shop().faults.busyUploads = 1;
  await open();
  await at("input").setInputFiles(await photo());
  await soon(() => at("status").textContent()).toContain("Trying again in 1 second");
  await state("choose");
});

test("A browser that goes offline waits and goes on when it is back", async () => {
  await open();
  await at("input").focus();
  await studio();
  await context().setOffline(true);
  await at("input").setInputFiles(await photo());
  await soon(() => at("status").textContent()).toContain("You are offline");
  await context().setOffline(false);
  await state("choose");
});

test("A preview that fails can be made again from the same photo", async () => {
  shop().faults.previewEnds = "failed";
  await open();
  await at("input").setInputFiles(await photo());
  await soon(() => at("error").textContent()).toContain("Your photo is safe");
  shop().faults.previewEnds = "ready";
  await at("retry").click();
  await state("choose");
  expect(shop().seen.uploads).toHaveLength(1);
  expect(shop().seen.previews.map(({ again }) => again)).toEqual([false, true]);
});

test("A photo too small for the size is refused with numbers, and accepted for a smaller size", async () => {
  await open();
  await page().selectOption("#product select", "103");
  await at("input").setInputFiles(await photo(420, 560));
  await soon(() => at("error").textContent()).toBe(
    "This photo is 420 × 560 pixels. For 60 × 75 we need about 480 × 600. Choose a larger photo or a smaller size.",
  );
  expect(shop().seen.uploads).toEqual([]);
  await page().selectOption("#product select", "101");
  await state("choose");
  await soon(() => at("note").textContent()).toContain("may look soft");
});

test("Another file type is refused in words", async () => {
  await open();
  await at("input").setInputFiles({
    name: "a.pdf",
    mimeType: "application/pdf",
    buffer: Buffer.from("%PDF"),
  });
  await soon(() => at("error").textContent()).toContain("We cannot read this file");
});

test("Consent is asked for before the photo leaves the browser, when the merchant wants it", async () => {
  wish.settings = { consent: true };
  await open();
  await at("input").setInputFiles(await photo());
  await soon(() => at("error").textContent()).toContain("Please confirm");
  expect(shop().seen.uploads).toEqual([]);
  await at("consent").check();
  await state("choose");
});

test("The shopper can delete her photo", async () => {
  await open();
  await choose();
  await at("delete").click();
  await state("empty");
  await soon(() => at("note").textContent()).toBe("Your photo is deleted.");
  expect(shop().seen.deleted).toHaveLength(1);
  await add();
  await soon(() => at("error").textContent()).toContain("Add a photo");
  expect(shop().seen.cart).toEqual([]);
});

test("A photo that was ordered is not said to be deleted, since it is kept for its order", async () => {
  await open();
  await choose();
  shop().faults.ordered = true;
  await at("delete").click();
  await soon(() => at("note").textContent()).toContain("belongs to an order");
  expect(await at("add-state").getAttribute("data-value")).toBe("ready");
});

test("With a photo and without a look, what is said speaks of the look alone", async () => {
  await open();
  await soon(() => at("add-state").textContent()).toContain("Add a photo");
  await at("input").setInputFiles(await photo());
  await state("choose");
  await soon(() => at("add-state").textContent()).toBe("Choose a look, then add it to your cart.");
  await add();
  await soon(() => at("error").textContent()).toBe("Choose a look first.");
  expect(shop().seen.cart).toEqual([]);
});

test("Without a product form the block's own button fills the cart", async () => {
  wish.form = false;
  await open();
  await page().selectOption('[data-dot="variant"]', "102");
  await choose();
  await at("add").click();
  await page().waitForURL("**/cart");
  const fields = line();
  expect(fields).toMatchObject({ id: "102", "properties[_dot_ref]": shop().seen.selections.at(-1)?.ref });
});

test("A file the browser cannot read goes as it is, and is shown when the app has read it", async () => {
  await open();
  // Chromium reads TIFF as little as HEIC; the app's sharp reads it.
  const tiff = sharp({ create: { width: 900, height: 1200, channels: 3, background: "#48c" } }).tiff();
  const buffer = await tiff.toBuffer();
  await at("input").setInputFiles({ name: "IMG_2.HEIC", mimeType: "image/heic", buffer });
  await state("choose");
  expect(shop().seen.uploads[0]?.bytes).toBe(buffer.length);
  expect(await at("photo").getAttribute("src")).toBeTruthy();
});

test("The shopper can stop while it is being painted, and go on from there", async () => {
  shop().faults.paintingMs = 60_000;
  await open();
  await at("input").setInputFiles(await photo());
  await state("painting");
  await at("cancel").click();
  await soon(() => at("error").textContent()).toContain("Your photo is still here");
  shop().faults.paintingMs = 0;
  await at("retry").click();
  await state("choose");
  expect(shop().seen.uploads).toHaveLength(1);
});

test("An expired preview is made again from the same photo after a reload", async () => {
  await open();
  await choose();
  shop().faults.previewEnds = "expired";
  await page().reload();
  await soon(() => at("error").textContent()).toContain("too old");
  shop().faults.previewEnds = "ready";
  await at("retry").click();
  await ready();
  expect(shop().seen.previews.at(-1)).toMatchObject({ again: true });
});

test("A photo that is cancelled before the offer is known never leaves the browser", async () => {
  const offer = Promise.withResolvers<undefined>();
  await page().route("**/apps/dot/products/**", async (route) => {
    await offer.promise;
    await route.continue();
  });
  await open();
  await at("input").setInputFiles(await photo());
  await state("reading");
  await at("cancel").click();
  await state("empty");
  const answered = page().waitForResponse("**/apps/dot/products/**");
  offer.resolve(undefined);
  await (await answered).finished();
  await page().unroute("**/apps/dot/products/**");
  expect(await page().locator("dot-kit[data-busy]").count()).toBe(0);
  // The next photo is the only one that the app gets.
  await choose();
  expect(shop().seen.uploads).toHaveLength(1);
});
