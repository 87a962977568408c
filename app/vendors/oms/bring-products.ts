// Brings Shopify products into the OMS's catalogue: each product and variant is made there once, and brought up to
// date from then on by the number that was kept.
import { defineTool, refuse, VendorError, type Cell, type ToolCalls, type ToolResult } from "../vendor.ts";
import type { ProductFacts } from "../../products/product.ts";
import { createRow, fetchRow, products, updateRow, variants, type Kind } from "./catalogue.ts";
import { doubtful, makeOnce, sending, type Doubt } from "./once.ts";
import type { Settings } from "./settings.ts";
import { toProductBody, toVariantBody, variantName, type Choices } from "./shopify-products.ts";
import { variantUuid } from "./uuid.ts";

const group = "Catalogue: Shopify products";

interface Given {
  settings: Settings;
  calls: ToolCalls;
  choices: Choices;
}

/** One product or variant to have in the OMS. */
interface Wanted<C, U> {
  kind: Kind<C, U>;
  /** Under which its number is kept. */
  note: string;
  /** As a person finds it in the OMS. */
  called: string;
  body: C;
  change: U;
}

/** What became of one of them. `stop` is set when the OMS has trouble answering: the rest would fare no better. */
interface Outcome {
  id?: string;
  sentence: string;
  stop?: true;
}

const productNote = (shopifyId: string): string => `product:${shopifyId}`;
const variantNote = (shopifyId: string): string => `variant:${shopifyId}`;

/** The tool "Bring Shopify products": products and variants are created or updated, one after the other. */
export const bringProducts = defineTool<Settings>()({
  id: "bring-products",
  label: "Bring Shopify products",
  help: "Makes the chosen products and their variants in the OMS, or brings them up to date when they are there.",
  group,
  takes: "products",
  confirm: "The chosen products and all their variants are made or changed in the OMS.",
  fields: [
    {
      key: "category_id",
      kind: "number",
      label: "Category ID",
      help: "The OMS's number of the category.",
      whole: true,
      min: 1,
    },
    {
      key: "team_id",
      kind: "number",
      label: "Team ID",
      help: "Ideal Factory support knows it.",
      whole: true,
      min: 1,
    },
    {
      key: "country_id",
      kind: "number",
      label: "Country ID",
      help: "The OMS's own number of the country of origin. Ideal Factory support knows it.",
      whole: true,
      min: 1,
    },
    {
      key: "order_column",
      kind: "number",
      label: "Place in listings",
      help: "Only for new products.",
      whole: true,
      default: 1,
    },
    {
      key: "default_dpi",
      kind: "number",
      label: "Default resolution (dpi)",
      whole: true,
      min: 1,
      required: false,
    },
    {
      key: "default_location_id",
      kind: "number",
      label: "Default location ID",
      whole: true,
      min: 1,
      required: false,
    },
    {
      key: "weight",
      kind: "choice",
      label: "Weight",
      help: "The OMS names no unit. Ask Ideal Factory before you send weights.",
      choices: [
        { value: "none", label: "Do not send" },
        { value: "grams", label: "Send in grams" },
      ],
      default: "none",
    },
    { key: "description", kind: "toggle", label: "Send descriptions", default: true },
  ],
  async run(choices, settings, calls): Promise<ToolResult> {
    if (calls.products.length === 0) refuse("Choose at least one product.");
    const rows: Cell[][] = [];
    let there = 0;
    let stopped: string | undefined;
    for (const product of calls.products) {
      if (stopped !== undefined) {
        rows.push([product.title, "", "", "", "Not tried"]);
        continue;
      }
      for await (const row of bring(product, { settings, calls, choices })) {
        rows.push([product.title, row.variant, row.outcome.id ?? "", row.uuid, row.outcome.sentence]);
        if (row.outcome.id !== undefined) there += 1;
        if (row.outcome.stop) stopped = row.outcome.sentence;
      }
    }
    return {
      sentence: `${there} of ${rows.length} products and variants are in the OMS.`,
      table: { columns: ["Product", "Variant", "OMS ID", "UUID", "Result"], rows },
      ...(stopped !== undefined && {
        warnings: [`${stopped} Bring the products again later: what is there is only brought up to date.`],
      }),
    };
  },
});

async function* bring(
  product: ProductFacts,
  given: Given,
): AsyncGenerator<{ variant: string; uuid: string; outcome: Outcome }> {
  const { choices } = given;
  const outcome = await attempt(async () => {
    const body = toProductBody(product, choices);
    // Where it stands in listings somebody may have changed in the OMS since.
    const { order_column: _place, ...change } = body;
    const note = productNote(product.id);
    return have(
      { kind: products, note, called: `${body.name} (code ${product.handle})`, body, change },
      given,
    );
  });
  yield { variant: "", uuid: "", outcome };
  const { id } = outcome;
  if (id === undefined) return;
  for (const variant of product.variants) {
    const uuid = await variantUuid(variant.id);
    const mine = await attempt(async () => {
      const body = toVariantBody(variant, { product, productId: Number(id), uuid }, choices);
      const { uuid: _uuid, ...change } = body;
      const note = variantNote(variant.id);
      return have({ kind: variants, note, called: `${body.name} (UUID ${uuid})`, body, change }, given);
    });
    yield { variant: variant.title, uuid, outcome: mine };
    if (mine.stop) return;
  }
}

async function have<C, U>(wanted: Wanted<C, U>, { settings, calls }: Given): Promise<Outcome> {
  const { kind, note, body, change } = wanted;
  const talk = { settings, asking: calls };
  const doubt: Doubt = {
    what: `the ${kind.noun} ${wanted.called}`,
    then: "Look for it in the OMS and say which one it is under “Say what it is in the OMS”.",
  };
  const kept = await calls.kept(note);
  if (kept === sending) return { sentence: doubtful(doubt) };
  const isThere = kept ? await updateRow(kind, { id: kept, body: change }, talk) : undefined;
  if (kept && isThere) return { id: kept, sentence: "Brought up to date" };
  const id = await makeOnce(calls, { names: [note], doubt }, async () => {
    const row = await createRow(kind, body, talk);
    // A variant can only be given to a product by its number, so a product without one is as good as lost.
    if (row.id === undefined || !isNumber(row.id))
      throw new VendorError("retry", `The OMS did not say which number the ${kind.noun} has.`, {
        lost: true,
      });
    return row.id;
  });
  return { id, sentence: kept ? "Made again, because it was not in the OMS any more" : "Made" };
}

const isNumber = (id: string): boolean => /^\d{1,15}$/.test(id);

// A product that the OMS refuses does not stop the next one. What is wrong with the account stops them all.
async function attempt(step: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof VendorError) || error.problem === "connection") throw error;
    return error.problem === "rejected"
      ? { sentence: error.message }
      : { sentence: error.message, stop: true };
  }
}

/** The way out of a lost answer: a person looked, and says what a product or variant is in the OMS, or that it is not there. */
export const nameProduct = defineTool<Settings>()({
  id: "name-product",
  label: "Say what it is in the OMS",
  help: "When an answer was lost, or a product was made in the OMS by hand: fill in its number there, and “Bring Shopify products” brings it up to date from then on.",
  group,
  takes: "products",
  confirm: "From now on this number stands for the product or variant.",
  fields: [
    {
      key: "variant",
      kind: "text",
      label: "Variant",
      help: "Its title. Leave empty for the product itself.",
      required: false,
    },
    {
      key: "id",
      kind: "text",
      label: "Number in the OMS",
      help: "Leave empty when it is not there: it can then be made.",
      required: false,
      pattern: { regex: "\\d{1,15}", message: "The number in the OMS has only digits." },
    },
  ],
  async run({ variant: title, id }, settings, calls): Promise<ToolResult> {
    const [product, another] = calls.products;
    if (product === undefined || another !== undefined) return refuse("Choose one product.");
    const variant = title === undefined || title === "" ? undefined : variantCalled(title, product);
    const note = variant ? variantNote(variant.id) : productNote(product.id);
    const called = `"${variant ? variantName(variant, product) : product.title}"`;
    if (id === undefined || id === "") {
      await calls.keep(note, "");
      return { sentence: `${called} is taken to be missing in the OMS. Bring it when it is to be made.` };
    }
    const talk = { settings, asking: calls };
    const row = variant ? await fetchRow(variants, id, talk) : await fetchRow(products, id, talk);
    if (!row) return refuse(`The OMS has no ${variant ? "variant" : "product"} ${id}.`);
    await calls.keep(note, id);
    const uuid = variant ? await variantUuid(variant.id) : undefined;
    const isOther = uuid !== undefined && row.uid !== undefined && row.uid.toLowerCase() !== uuid;
    return {
      sentence: `${called} is number ${id} in the OMS${row.name === undefined ? "" : `, where it is called "${row.name}"`}.`,
      ...(isOther && {
        warnings: [`Its UUID there is ${row.uid ?? ""}, not ${uuid}. Make sure that it is the right one.`],
      }),
    };
  },
});

function variantCalled(title: string, product: ProductFacts): ProductFacts["variants"][number] {
  const same = product.variants.filter((one) => one.title.toLowerCase() === title.trim().toLowerCase());
  const [found, second] = same;
  if (found === undefined || second !== undefined)
    return refuse(
      `"${product.title}" has ${second ? "more than one variant" : "no variant"} called "${title}". Its variants are ${product.variants.map((one) => `"${one.title}"`).join(", ")}.`,
    );
  return found;
}
