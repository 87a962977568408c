// Renders the block as a shop would: liquidjs with the few Shopify filters and tags the extension uses.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { Liquid, type Tag, type TagToken, type TopLevelToken } from "liquidjs";

/** Where the extension lies. */
export const extensionFolder = path.resolve("extensions/dot-preview");

type Words = Record<string, Record<string, string>>;

/** The shopper's words in one language. */
export async function readWords(language: string): Promise<Words> {
  const name = language === "en" ? "en.default" : language;
  return JSON.parse(await readFile(path.join(extensionFolder, "locales", `${name}.json`), "utf8")) as Words;
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${String(sign.charCodeAt(0))};`);

/** What the block is rendered with. */
export interface Page {
  language?: string;
  block?: string;
  /** The merchant's settings; the schema's defaults otherwise. */
  settings?: Record<string, unknown>;
  product: {
    id: number;
    url: string;
    variants: { id: number; title: string; price: number; available: boolean }[];
  };
  designMode?: boolean;
  /** Where the assets are served. */
  assets: string;
  blockId?: string;
}

/** The block's HTML. */
export async function renderBlock(page: Page): Promise<string> {
  const { language = "en", block = "dot-preview", settings = {}, product, designMode = false } = page;
  const words = await readWords(language);
  const engine = new Liquid({
    root: path.join(extensionFolder, "snippets"),
    extname: ".liquid",
    globals: { request: { design_mode: designMode, locale: { iso_code: language } }, shop: {}, product: {} },
  });
  engine.registerFilter("asset_url", (name: string) => `${page.assets}/${name}`);
  engine.registerFilter("money", (cents: number) => `$${(cents / 100).toFixed(2)}`);
  engine.registerFilter("t", (key: string, ...fill: [string, unknown][]) => {
    const [group = "", name = ""] = key.split(".");
    const said = words[group]?.[name];
    if (said === undefined) return `Translation missing: ${language}.${key}`;
    const values = new Map(fill);
    return said.replace(/\{\{ (\w+) \}\}/g, (_, place: string) =>
      escapeHtml(String(values.get(place) ?? "")),
    );
  });
  for (const name of ["schema", "doc"]) engine.registerTag(name, skipped(name));
  const source = await readFile(path.join(extensionFolder, "blocks", `${block}.liquid`), "utf8");
  const chosen = { ...product, selected_or_first_available_variant: product.variants[0] };
  return engine.parseAndRender(source, {
    product: chosen,
    block: {
      id: page.blockId ?? "one",
      settings: { radius: 8, consent: false, own_button: "auto", ...settings },
      shopify_attributes: "",
    },
  }) as Promise<string>;
}

/** A tag whose content is not for the page. */
function skipped(name: string) {
  return {
    parse(this: Tag, _token: TagToken, rest: TopLevelToken[]) {
      for (let token = rest.shift(); token; token = rest.shift())
        if ("name" in token && token.name === `end${name}`) return;
    },
    render: () => "",
  };
}
