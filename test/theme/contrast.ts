// How readable the block's letters are, weighed by what the browser has drawn: axe weighs no Arabic letters and no
// forced colours, and it cannot see through what lies above another element.
import type { Page } from "playwright-core";
import sharp from "sharp";

interface Text {
  text: string;
  /** Where it stands on the whole page, in CSS pixels. */
  at: { left: number; top: number; width: number; height: number };
  /** Red, green, blue and alpha, 0 to 255. */
  colour: number[];
  /** The least ratio (WCAG 2.2, 1.4.3): 3 for large letters, else 4.5. */
  least: number;
}

type Colour = readonly [red: number, green: number, blue: number];

/** How many texts were weighed, and those too near in colour to the ground they stand on. */
export async function weighTexts(page: Page): Promise<{ weighed: number; weak: string[] }> {
  const texts = await page.evaluate(readTexts);
  const drawn = await page.screenshot({ fullPage: true, scale: "css", animations: "disabled" });
  const { data, info } = await sharp(drawn).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const weak = texts.flatMap(({ text, at, colour, least }) => {
    const ground = groundOf(data, info.width, at);
    const [red = 0, green = 0, blue = 0, alpha = 255] = colour;
    const part = alpha / 255;
    const mix = (letter: number, behind: number): number => letter * part + behind * (1 - part);
    const letters = [mix(red, ground[0]), mix(green, ground[1]), mix(blue, ground[2])] as const;
    const ratio = contrast(letters, ground);
    return ratio >= least
      ? []
      : [`${text}: ${ratio.toFixed(2)} of ${least}, ${letters.join()} on ${ground.join()}`];
  });
  return { weighed: texts.length, weak };
}

/** The most frequent colour where a text stands: letters take less than half of their lines. */
function groundOf(pixels: Buffer, pageWidth: number, at: Text["at"]): Colour {
  const counts = new Map<number, number>();
  for (let y = Math.ceil(at.top); y < at.top + at.height - 1; y++)
    for (let x = Math.ceil(at.left); x < at.left + at.width - 1; x++) {
      const offset = (y * pageWidth + x) * 3;
      if (x < pageWidth && offset + 3 <= pixels.length) {
        const colour = pixels.readUIntBE(offset, 3);
        counts.set(colour, (counts.get(colour) ?? 0) + 1);
      }
    }
  const [most] = [...counts].sort(([, one], [, other]) => other - one);
  if (!most) throw new Error(`nothing is drawn at ${JSON.stringify(at)}`);
  const [colour] = most;
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}

/** WCAG 2.2, contrast ratio: 1 to 21. */
function contrast(one: Colour, other: Colour): number {
  const light = ([red, green, blue]: Colour): number => {
    const [r = 0, g = 0, b = 0] = [red, green, blue].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [dark = 0, bright = 0] = [light(one), light(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

/** In the page: every text of the block that is seen. What is switched off may be pale (WCAG 2.2, 1.4.3). */
function readTexts(): Text[] {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const root = document.querySelector("dot-kit");
  if (!pen || !root) throw new Error("no block on the page");
  const rgba = (colour: string): number[] => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const texts: Text[] = [];
  const take = (text: string, element: Element, rects: Iterable<DOMRect>): void => {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return;
    if (element.closest("[aria-disabled=true], :disabled")) return;
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    const size = Number.parseFloat(fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700);
    for (const { left, top, width, height } of rects)
      if (width > 1 && height > 1)
        texts.push({
          text: text.trim(),
          at: { left: left + scrollX, top: top + scrollY, width, height },
          colour: rgba(color),
          least: isLarge ? 3 : 4.5,
        });
  };
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!element || !node.textContent?.trim() || element.closest("script, template, noscript, select"))
      continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    take(node.textContent, element, range.getClientRects());
  }
  for (const select of root.querySelectorAll("select"))
    take(select.selectedOptions[0]?.text ?? "", select, [select.getBoundingClientRect()]);
  return texts;
}
