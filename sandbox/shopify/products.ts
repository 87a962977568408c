// What the merchant does to the catalogue in the admin: a product made, changed, deleted. Whoever calls sends the
// webhooks.
import { keepMetafield, namespaceOf } from "./admin-api/metafield-node.ts";
import { gid } from "./ids.ts";
import { addProduct, note, timestamp, type Store } from "./store.ts";
import type {
  OwnMetafieldInput,
  ProductChange,
  ProductInput,
  ProductRecord,
  VariantInput,
  VariantRecord,
} from "./types.ts";

/** The product, or an error that names the id. */
export function productOf(store: Store, id: string): ProductRecord {
  const product = store.products.get(id);
  if (!product) throw new Error(`${store.domain} has no product ${id}`);
  return product;
}

/** A new product, active unless the input says otherwise. */
export function createProduct(store: Store, input: ProductInput): ProductRecord {
  const at = timestamp(store.now());
  const product: ProductRecord = {
    id: store.ids.product(),
    title: input.title,
    handle: freeHandle(store, input.handle ?? handleOf(input.title)),
    vendor: input.vendor ?? store.shopName,
    productType: "",
    status: "active",
    tags: [],
    bodyHtml: "",
    options: [],
    variants: [],
    images: [],
    giftCard: false,
    form: "none",
    art: "",
    createdAt: at,
    updatedAt: at,
  };
  apply(store, product, { options: [{ name: "Title" }], variants: [{}], ...input, handle: product.handle });
  addProduct(store, product);
  note(store, { what: "product created", detail: product.handle });
  return product;
}

/** Changes what `change` names. `updatedAt` moves in any case, as it does when the merchant only presses Save. */
export function changeProduct(store: Store, id: string, change: ProductChange): ProductRecord {
  const product = productOf(store, id);
  for (const variant of product.variants) store.variants.delete(variant.id);
  apply(store, product, change);
  product.updatedAt = timestamp(store.now());
  addProduct(store, product);
  note(store, { what: "product changed", detail: product.handle });
  return product;
}

/** Takes the product away with its variants and metafields. */
export function removeProduct(store: Store, id: string): void {
  const product = productOf(store, id);
  for (const variant of product.variants) {
    store.variants.delete(variant.id);
    store.metafields.delete(gid("ProductVariant", variant.id));
  }
  store.metafields.delete(gid("Product", id));
  store.products.delete(id);
  note(store, { what: "product deleted", detail: product.handle });
}

function apply(store: Store, product: ProductRecord, change: ProductChange): void {
  const { title, handle, vendor, productType, status, tags, bodyHtml } = change;
  for (const [name, value] of Object.entries({
    title,
    handle,
    vendor,
    productType,
    status,
    tags,
    bodyHtml,
  })) {
    if (value !== undefined) Object.assign(product, { [name]: value });
  }
  if (change.images) {
    product.images = change.images.map(({ src, alt }) => {
      // A picture that stays keeps its id, as it does when the merchant only moves it.
      const known = product.images.find((image) => image.src === src);
      return { id: known?.id ?? store.ids.image(), src, alt: alt ?? null, width: 1200, height: 1200 };
    });
  }
  const names = change.options?.map((option) => option.name) ?? product.options.map((option) => option.name);
  if (change.variants) {
    product.variants = change.variants.map((input, n) => variantFrom(store, product, { input, n }));
    product.options = names.map((name, n) => ({
      id: product.options[n]?.id ?? store.ids.other(),
      name,
      values: [...new Set(product.variants.map((variant) => variant.options[n] ?? ""))],
    }));
  }
  keepOwn(store, gid("Product", product.id), change.metafields);
}

function variantFrom(
  store: Store,
  product: ProductRecord,
  { input, n }: { input: VariantInput; n: number },
): VariantRecord {
  const known = product.variants.find((variant) => variant.id === input.id);
  const options = input.options ?? known?.options ?? ["Default Title"];
  const id = known?.id ?? store.ids.variant();
  keepOwn(store, gid("ProductVariant", id), input.metafields);
  return {
    id,
    productId: product.id,
    inventoryItemId: known?.inventoryItemId ?? store.ids.inventoryItem(),
    title: options.join(" / "),
    sku: input.sku === undefined ? (known?.sku ?? null) : input.sku,
    barcode: input.barcode === undefined ? (known?.barcode ?? null) : input.barcode,
    priceMinor: input.priceMinor ?? known?.priceMinor ?? 0,
    options,
    requiresShipping: input.requiresShipping ?? known?.requiresShipping ?? true,
    grams: input.grams ?? known?.grams ?? 0,
    weightUnit: input.weightUnit ?? known?.weightUnit ?? "GRAMS",
    position: n + 1,
  };
}

function keepOwn(store: Store, ownerId: string, inputs: OwnMetafieldInput[] | undefined): void {
  for (const { value, ...input } of inputs ?? []) {
    if (value !== null) keepMetafield(store, { ...input, ownerId, value }, timestamp(store.now()));
    else store.metafields.get(ownerId)?.delete(`${namespaceOf(input.namespace)}.${input.key}`);
  }
}

/** "Black Sunglasses" → black-sunglasses, as the Admin API's documentation of `handle` has it. */
function handleOf(title: string): string {
  const plain = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return plain || "product";
}

/** A handle that is taken gets a number behind it. */
function freeHandle(store: Store, wanted: string): string {
  const taken = new Set([...store.products.values()].map((product) => product.handle));
  let handle = wanted;
  for (let n = 1; taken.has(handle); n++) handle = `${wanted}-${n}`;
  return handle;
}
