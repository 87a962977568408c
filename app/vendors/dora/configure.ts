// The configurator on the products page: a collection, a ring of it, its metals, width and sizes, and what that costs at
// this moment. All are asks; nothing gets near the cart.
import type { Asking, Configured } from "../vendor.ts";
import type { Collection, Item, ItemPage } from "./catalogue.ts";
import {
  findProducts,
  findRings,
  isRing,
  readCollections,
  readProduct,
  readRing,
  type RingSearch,
} from "./lists.ts";
import {
  askedParts,
  fillRing,
  makingSchema,
  pricedSize,
  ringChoices,
  ringProblems,
  type Making,
} from "./making.ts";
import { money } from "./rings.ts";
import { ringFacts } from "./facts.ts";
import { readUser } from "./sessions.ts";
import type { Settings } from "./settings.ts";

// Longer lists than this are not offered whole: the search above the form finds what is in them.
const mostPages = 3;
const pageSize = 100;

/** Completes a product in the making, and says what can be chosen, what it costs and why it cannot be made. */
export async function configure(
  product: Record<string, unknown>,
  settings: Settings,
  asking: Asking,
): Promise<Configured> {
  const asked = makingSchema.parse(product);
  return asked.type === "product"
    ? configureProduct({ product, asked }, settings, asking)
    : configureRing({ product, asked }, settings, asking);
}

interface Given {
  product: Record<string, unknown>;
  asked: Making;
}

type Shelf = ItemPage["items"];

async function configureRing(
  { product, asked }: Given,
  settings: Settings,
  asking: Asking,
): Promise<Configured> {
  const { id } = asked;
  const [collections, found] = await Promise.all([
    readCollections(settings, asking),
    shelfFor(asked, settings, asking),
  ]);
  const { shelf, isWhole } = found;
  const collectionId = asked.collectionId ?? onlyCollection(shelf, id);
  const choices: Configured["choices"] = {
    collectionId: collectionChoices(collections, asked.collectionId === undefined ? shelf : undefined),
    ...(isWhole && asked.collectionId !== undefined && { id: shelf.map(shelfChoice) }),
  };
  const start: Configured = { product: { ...product, type: "ring" }, choices, facts: [], problems: {} };
  if (collectionId !== undefined) start.product["collectionId"] = collectionId;
  if (id === undefined) return start;
  if (collectionId === undefined) return { ...start, problems: withoutCollection(shelf) };
  const item = await readRing({ id, collection_id: collectionId }, settings, asking);
  if (!isRing(item)) {
    const sentence = item.isMissing
      ? "Dora has no such ring in this collection. Choose another."
      : item.words;
    return { ...start, problems: { id: sentence } };
  }
  const row = shelf.find((one) => one.id === id);
  const made = fillRing({ ...asked, collectionId }, item);
  const result = {
    ...start,
    choices: { ...choices, ...ringChoices(made, item) },
    image: row?.image ?? undefined,
  };
  const problems = ringProblems(made, item);
  const priced =
    Object.keys(problems).length > 0 ? undefined : await priceOf({ made, item }, settings, asking);
  if (priced && !isRing(priced)) problems[""] = `Dora does not make it like this: ${priced.words}.`;
  const price = priced && isRing(priced) ? (priced.total_price ?? undefined) : undefined;
  if (price !== undefined) result.choices["expectedPrice"] = [offer(price, item.currency)];
  return {
    ...result,
    product: { ...result.product, ...filled({ product, asked }, made, price) },
    facts: ringFacts(priced && isRing(priced) ? priced : item, { row, isPriced: price !== undefined }),
    problems,
  };
}

/** The fields that were filled in. A width that cannot be read is left for the form to object to. */
function filled({ product, asked }: Given, made: Making, price: number | undefined): Record<string, unknown> {
  // The expected price follows what is chosen, or it would hold every order; whoever chose none keeps none.
  const wantsPrice = asked.expectedPrice !== undefined || asked.parts.length === 0;
  return {
    ...(product["width"] === undefined && made.width !== undefined && { width: made.width }),
    parts: made.parts,
    ...(asked.sizes.length === 0 && made.sizes.length > 0 && { sizes: made.sizes }),
    ...(wantsPrice && price !== undefined && { expectedPrice: price }),
  };
}

function priceOf({ made, item }: { made: Making; item: Item }, settings: Settings, asking: Asking) {
  const { id, collection_id } = { id: item.id, collection_id: made.collectionId ?? 0 };
  const asked = {
    id,
    collection_id,
    mode: "ring" as const,
    size: pricedSize(made, item),
    width: made.width,
    parts: askedParts(made),
  };
  return readRing(asked, settings, asking);
}

// With a collection its whole shelf, to choose from; without one only where the ring stands.
async function shelfFor(
  { id, collectionId }: Making,
  settings: Settings,
  asking: Asking,
): Promise<{ shelf: Shelf; isWhole: boolean }> {
  if (collectionId === undefined && id === undefined) return { shelf: [], isWhole: false };
  const search: Omit<RingSearch, "page" | "limit"> =
    collectionId === undefined
      ? { ids: id === undefined ? [] : [id] }
      : { collection_id: collectionId, sort_by: "style_no" };
  const shelf: Shelf = [];
  for (let page = 1; page <= mostPages; page++) {
    const read = await findRings({ ...search, page, limit: pageSize }, settings, asking);
    shelf.push(...read.items);
    if (page >= (read.pagination?.pages ?? page)) return { shelf, isWhole: true };
  }
  return { shelf, isWhole: false };
}

function onlyCollection(shelf: Shelf, id: number | undefined): number | undefined {
  const found = new Set(shelf.filter((row) => row.id === id).map((row) => row.collection_id));
  const [only] = found;
  return found.size === 1 ? only : undefined;
}

function withoutCollection(shelf: Shelf): Record<string, string> {
  return shelf.length === 0
    ? { id: "Dora has no ring with this id. Search for it above, or choose a collection first." }
    : { collectionId: "This ring is in several collections. Choose one of them." };
}

/** All collections, or those that a ring is in. */
function collectionChoices(collections: readonly Collection[], shelf: Shelf | undefined) {
  const ids = new Set(shelf?.map((row) => row.collection_id));
  return collections
    .filter(({ id }) => ids.size === 0 || ids.has(id))
    .map(({ id, category_name, collection_name }) => ({
      value: String(id),
      label: [category_name, collection_name].filter(Boolean).join(" · "),
    }));
}

function shelfChoice({ id, style_no, information, price, currency }: Shelf[number]) {
  const from = typeof price === "number" ? money(price, currency) : undefined;
  return {
    value: String(id),
    label: [style_no ?? `Ring ${id}`, information, from].filter(Boolean).join(" · "),
  };
}

function offer(price: number, currency: string | null | undefined) {
  return { value: String(price), label: money(price, currency) };
}

async function configureProduct(
  { product, asked }: Given,
  settings: Settings,
  asking: Asking,
): Promise<Configured> {
  const { id } = asked;
  const [list, one, user] = await Promise.all([
    findProducts({ sort_by: "product_name", page: 1, limit: pageSize }, settings, asking),
    id === undefined ? undefined : readProduct(id, settings, asking),
    readUser(settings, asking),
  ]);
  const { currency_code: currency } = user;
  const isWhole = (list.pagination?.pages ?? 1) <= 1;
  const choices: Configured["choices"] = isWhole
    ? {
        id: list.items.map((row) => ({
          value: String(row.id),
          label: [row.name ?? `Product ${row.id}`, ...(row.price ? [money(row.price, currency)] : [])].join(
            " · ",
          ),
        })),
      }
    : {};
  const start: Configured = { product, choices, facts: [], problems: {} };
  if (id === undefined) return start;
  if (!one) return { ...start, problems: { id: "Dora has no such product. Choose another." } };
  const price = one.price ?? undefined;
  if (price !== undefined) choices["expectedPrice"] = [offer(price, currency)];
  return {
    ...start,
    product: { ...product, ...(price !== undefined && { expectedPrice: price }) },
    facts: [
      ["Product", one.name ?? `Product ${id}`],
      ...(one.description ? [["Description", one.description] as const] : []),
      ["Price", money(price, currency)],
    ],
    image: one.image ?? undefined,
  };
}
