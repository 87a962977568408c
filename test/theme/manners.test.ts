// The widget's form in a real browser: keyboard, crop, comparison, languages, narrow screens, and that nothing moves.
import { expect, test } from "vitest";
import { photo, soon, useShopPage } from "./shop-page.ts";

const { wish, page, shop, at, state, open, choose, studio } = useShopPage();

test("The shopper moves and zooms the part of the photo with the keyboard alone", async () => {
  await open();
  await at("input").setInputFiles(await photo(2000, 2000));
  await state("choose");
  await at("adjust").press("Enter");
  await page().keyboard.press("+");
  await page().keyboard.press("Shift+ArrowRight");
  await at("crop-apply").press("Enter");
  await soon(() => shop().seen.previews.length).toBe(2);
  await state("choose");
  const [first, second] = shop().seen.previews.map(({ crop }) => crop);
  expect(first).toEqual({ x: 0.125, y: 0, width: 0.75, height: 1 });
  expect(second?.["width"]).toBeCloseTo(0.75 / 1.1, 5);
  expect(second?.["x"]).toBeGreaterThan(0.2);
});

test("A landscape photo takes the size lying down", async () => {
  await open();
  await at("input").setInputFiles(await photo(2000, 1500));
  await state("choose");
  expect(shop().seen.previews[0]?.crop).toEqual({ x: 0, y: 0, width: 1, height: 1 });
});

test.each([320, 420, 1280])("On a page of %i pixels nothing moves while the widget works", async (width) => {
  await page().setViewportSize({ width, height: 1400 });
  shop().faults.paintingMs = 1500;
  await open();
  await page().evaluate(() => {
    const moved: string[] = [];
    Object.assign(window, { moved });
    interface Shift extends PerformanceEntry {
      value: number;
      sources: { node: Node | null }[];
    }
    const name = (node: Node | null) =>
      node instanceof Element ? node.outerHTML.slice(0, 80) : node?.textContent;
    new PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries() as Shift[])
        moved.push(`${value}: ${sources.map(({ node }) => name(node)).join(" | ")}`);
    }).observe({ type: "layout-shift", buffered: true });
  });
  await at("input").setInputFiles(await photo());
  await state("choose");
  await page().waitForTimeout(100);
  expect(await page().evaluate(() => (window as unknown as { moved: string[] }).moved)).toEqual([]);
});

test("In Arabic the widget runs from right to left and fits a screen of 320 pixels", async () => {
  wish.language = "ar";
  await page().setViewportSize({ width: 320, height: 700 });
  await open();
  await at("input").setInputFiles(await photo());
  await state("choose");
  expect(await page().evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});

test("The theme editor shows the states with a sample picture", async () => {
  wish.designMode = true;
  await open();
  await state("chosen");
  expect(await at("add-state").textContent()).toBe("Ready. Add it to your cart.");
  await page().click("text=Error");
  await soon(() => at("error").textContent()).toContain("The preview did not work");
});

test("A photo can be pasted, and dropped", async () => {
  await open();
  const { buffer } = await photo();
  await at("stage").hover();
  await studio();
  for (const name of ["paste", "drop"]) {
    await page().evaluate(
      ([name, bytes]) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], "photo.jpg", { type: "image/jpeg" }));
        const how = { bubbles: true, cancelable: true };
        const kit = document.querySelector("dot-kit");
        if (name === "paste") kit?.dispatchEvent(new ClipboardEvent(name, { ...how, clipboardData: data }));
        else kit?.dispatchEvent(new DragEvent("drop", { ...how, dataTransfer: data }));
      },
      [name, [...buffer]] as const,
    );
    await soon(() => shop().seen.uploads.length).toBe(name === "paste" ? 1 : 2);
    await state("choose");
  }
});

test("The shopper compares photo and painting, and looks closer, with the keyboard", async () => {
  await open();
  await choose();
  await at("compare-on").press("Enter");
  await at("compare").press("Home");
  expect(await at("large").evaluate((image) => image.style.clipPath)).toContain("100%");
  await at("zoom-on").press("Enter");
  expect(await at("frame").evaluate((frame) => frame.scrollHeight / frame.clientHeight)).toBeGreaterThan(2);
  expect(await at("frame").getAttribute("tabindex")).toBe("0");
});
