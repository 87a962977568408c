// What the app refuses, in a real browser: the shopper reads what it is, and what she can press helps.
import { expect, test } from "vitest";
import { photo, soon, useShopPage } from "./shop-page.ts";

const { page, shop, at, state, ready, open, add, choose, line } = useShopPage();

const sentence = () => at("error").textContent();

test.each([
  ["preview_failed", "The preview did not work"],
  ["busy", "Many people are painting right now"],
  ["unavailable", "We cannot reach the painter right now"],
] as const)(
  "A preview that the app says has failed is named as that, and Try again makes a new one, whatever the reason: %s",
  async (reason, words) => {
    Object.assign(shop().faults, { previewEnds: "failed", previewError: reason });
    await open();
    await at("input").setInputFiles(await photo());
    await soon(sentence).toContain(words);
    expect(await page().locator("dot-kit").getAttribute("data-problem")).toBe(reason);
    shop().faults.previewEnds = "ready";
    await at("retry").click();
    await state("choose");
    expect(shop().seen.uploads).toHaveLength(1);
    expect(shop().seen.previews.map(({ again }) => again)).toEqual([false, true]);
  },
);

test("A choice whose preview is over stays out of the cart until it is made again", async () => {
  await open();
  await choose();
  shop().faults.previewEnds = "expired";
  await page().reload();
  await soon(sentence).toContain("too old");
  await add();
  await soon(() => at("add-state").getAttribute("data-value")).toBe("missing");
  shop().faults.previewEnds = "ready";
  await at("retry").click();
  await ready();
  await add();
  await page().waitForURL("**/cart");
  expect(shop().seen.selections).toHaveLength(2);
  expect(shop().seen.cart).toHaveLength(1);
  expect(line()["properties[_dot_ref]"]).toBe(shop().seen.selections[1]?.ref);
});

test.each([
  ["type", "We cannot read this file"],
  ["too_many_pixels", "more pixels than we can handle"],
] as const)(
  "A photo that the app could not read is refused in words, without a retry: %s",
  async (reason, words) => {
    shop().faults.photoError = reason;
    await open();
    await at("input").setInputFiles(await photo());
    await soon(sentence).toContain(words);
    expect(await page().locator("dot-kit").getAttribute("data-problem")).toBe(reason);
    expect(await at("other").isVisible()).toBe(true);
    expect(await at("retry").isVisible()).toBe(false);
  },
);

test("A photo that the app has given up is asked for once more", async () => {
  shop().faults.photoError = "unavailable";
  await open();
  await at("input").setInputFiles(await photo());
  await soon(sentence).toBe("This photo is no longer there. Add it again.");
  shop().faults.photoError = undefined;
  await choose();
});

test("A day's number is said at once and not tried again", async () => {
  shop().faults.dayIsOver = true;
  const sent: string[] = [];
  const count = (request: { url(): string }) => {
    if (request.url().endsWith("/artworks")) sent.push(request.url());
  };
  page().on("request", count);
  await open();
  await at("input").setInputFiles(await photo());
  await soon(sentence).toBe("There have been many previews today. Please come back tomorrow.");
  page().off("request", count);
  expect(sent).toHaveLength(1);
  expect(await at("retry").isVisible()).toBe(false);
});

test("What is said of a wait is what is waited, a minute at most", async () => {
  Object.assign(shop().faults, { busyUploads: 1, busySeconds: 3600 });
  await open();
  await at("input").setInputFiles(await photo());
  await soon(() => at("status").textContent()).toContain("Trying again in 60 seconds");
});

test("A photo is measured by the picture that is sent, not by the larger one it is made from", async () => {
  await open();
  await page().selectOption("#product select", "103");
  await at("input").setInputFiles(await photo(8000, 1000));
  await soon(sentence).toBe(
    "This photo is 2,400 × 300 pixels. For 60 × 75 we need about 600 × 480. Choose a larger photo or a smaller size.",
  );
  expect(shop().seen.uploads).toEqual([]);
});

test("A part of the photo that is too small is refused with the part's own numbers", async () => {
  await open();
  await page().selectOption("#product select", "102");
  await at("input").setInputFiles(await photo(1000, 1250));
  await state("choose");
  await at("adjust").click();
  await at("crop-zoom").fill("4");
  await at("crop-apply").click();
  await soon(sentence).toBe(
    "This part of your photo is 250 × 313 pixels. For 40 × 50 we need about 320 × 400. Choose a larger part or a larger photo.",
  );
});

test("A part that is too small leaves the former choice as it was", async () => {
  await open();
  await page().selectOption("#product select", "102");
  await at("input").setInputFiles(await photo(1000, 1250));
  await state("choose");
  await page().check('[data-dot="look"][value="drama"]');
  await ready();
  const [bought] = shop().seen.selections;
  await at("adjust").click();
  await at("crop-zoom").fill("4");
  await at("crop-apply").click();
  await soon(sentence).toContain("This part of your photo is 250 × 313 pixels.");
  await ready();
  expect(await page().isChecked('[data-dot="look"][value="drama"]')).toBe(true);
  expect(shop().seen.previews).toHaveLength(1);
  await add();
  await page().waitForURL("**/cart");
  expect(shop().seen.selections).toHaveLength(1);
  expect(line()).toMatchObject({ id: "102", "properties[_dot_ref]": bought?.ref });
});

test("A photo that the app finds too small is refused without numbers that nobody knows", async () => {
  shop().faults.refusePreviews = { status: 422, code: "too_small" };
  await open();
  await at("input").setInputFiles(await photo());
  await soon(sentence).toBe(
    "This photo has too few pixels for this size. Choose a larger part of it or a larger photo.",
  );
  expect(await at("retry").isVisible()).toBe(false);
});

test("While nobody paints, another size says so, and the choice for the first one can still be bought", async () => {
  await open();
  await choose();
  shop().faults.refusePreviews = { status: 503, code: "unavailable" };
  await page().selectOption("#product select", "103");
  await soon(sentence).toContain("We cannot reach the painter right now");
  expect(await at("add-state").getAttribute("data-value")).toBe("missing");
  await page().selectOption("#product select", "101");
  await ready();
  expect(await page().isChecked('[data-dot="look"][value="drama"]')).toBe(true);
  await add();
  await page().waitForURL("**/cart");
  expect(shop().seen.selections).toHaveLength(1);
  expect(line()).toMatchObject({ id: "101", "properties[_dot_ref]": shop().seen.selections[0]?.ref });
});

test("While nobody paints, another part of the photo can wait, and Try again paints it", async () => {
  await open();
  await choose();
  shop().faults.refusePreviews = { status: 503, code: "unavailable" };
  await at("adjust").click();
  await at("crop-zoom").fill("2");
  await at("crop-apply").click();
  await soon(sentence).toContain("We cannot reach the painter right now");
  expect(await at("add-state").getAttribute("data-value")).toBe("ready");
  shop().faults.refusePreviews = undefined;
  await at("retry").click();
  await soon(() => shop().seen.selections.length).toBe(2);
  await ready();
  expect(shop().seen.previews.at(-1)?.crop?.["width"]).toBeCloseTo(0.5, 5);
});

test("When another size could not be asked for, Try again paints that size", async () => {
  await open();
  await choose();
  shop().faults.refusePreviews = { status: 503, code: "unavailable" };
  await page().selectOption("#product select", "103");
  await soon(sentence).toContain("We cannot reach the painter right now");
  shop().faults.refusePreviews = undefined;
  await at("retry").click();
  await ready();
  expect(shop().seen.selections.at(-1)?.variant).toBe("103");
});
