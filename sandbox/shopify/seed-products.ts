// A catalogue of any size for syncs and benches: the nth product is the same in every run, and making ten
// thousand takes a fraction of a second. No webhook is sent.
import { keepMetafield } from "./admin-api/metafield-node.ts";
import { gid } from "./ids.ts";
import { addProduct, timestamp, type Store } from "./store.ts";
import type { ProductRecord, VariantRecord, WeightUnit } from "./types.ts";

const things = ["Mug", "Poster", "Cushion", "Notebook", "Lamp", "Vase", "Scarf", "Clock", "Bowl", "Frame"];
const sizes = [
  { name: "Small", extraMinor: 0, grams: 250 },
  { name: "Medium", extraMinor: 500, grams: 500 },
  { name: "Large", extraMinor: 1200, grams: 1100 },
];
const units: WeightUnit[] = ["GRAMS", "KILOGRAMS", "POUNDS", "OUNCES"];

/**
 * Adds `count` products, each with three variants, two pictures and two metafields, and a metafield on every
 * variant. Of each hundred one is a draft and one archived. Numbers go on where an earlier call ended.
 */
export function seedProducts(store: Store, count: number): ProductRecord[] {
  const at = timestamp(store.now());
  let n = [...store.products.values()].filter((product) => product.art === "seed").length;
  return Array.from({ length: count }, () => {
    const product = seeded(store, { n: ++n, at });
    addProduct(store, product);
    return product;
  });
}

function seeded(store: Store, { n, at }: { n: number; at: string }): ProductRecord {
  const id = store.ids.product();
  const number = String(n).padStart(5, "0");
  const thing = things[n % things.length] ?? "Thing";
  const keep = (ownerId: string, key: string, [type, value]: [string, string]) =>
    void keepMetafield(store, { ownerId, namespace: "custom", key, type, value }, at);
  keep(gid("Product", id), "material", ["single_line_text_field", n % 2 ? "Stoneware" : "Oak"]);
  keep(gid("Product", id), "lead_days", ["number_integer", String((n % 9) + 1)]);
  const variants = sizes.map((size, place): VariantRecord => {
    const variantId = store.ids.variant();
    keep(gid("ProductVariant", variantId), "vendor_code", ["single_line_text_field", `V-${number}-${place}`]);
    return {
      id: variantId,
      productId: id,
      inventoryItemId: store.ids.inventoryItem(),
      title: size.name,
      sku: `SEED-${number}-${size.name.charAt(0)}`,
      barcode: ean(`400${String(n).padStart(7, "0")}${String(place).padStart(2, "0")}`),
      priceMinor: 1500 + (n % 40) * 100 + size.extraMinor,
      options: [size.name],
      requiresShipping: true,
      grams: size.grams,
      weightUnit: units[n % units.length] ?? "GRAMS",
      position: place + 1,
    };
  });
  return {
    id,
    title: `${thing} no. ${n}`,
    handle: `${thing.toLowerCase()}-no-${n}`,
    vendor: n % 3 ? "Makers' Yard" : "Paper & Place",
    productType: thing,
    status: n % 100 === 98 ? "draft" : n % 100 === 99 ? "archived" : "active",
    tags: ["seeded", thing.toLowerCase()],
    bodyHtml: `<p>${thing} number <strong>${n}</strong>, made by hand.</p>`,
    options: [{ id: store.ids.other(), name: "Size", values: sizes.map((size) => size.name) }],
    variants,
    images: ["front", "back"].map((side) => ({
      id: store.ids.image(),
      alt: `${thing} no. ${n}, ${side}`,
      src: `https://cdn.shopify.com/s/files/1/0584/0000/files/seed-${number}-${side}.jpg?v=1763800000`,
      width: 1200,
      height: 1200,
    })),
    giftCard: false,
    form: "none",
    art: "seed",
    createdAt: at,
    updatedAt: at,
  };
}

/** Twelve digits and their check digit: vendors refuse a barcode that does not add up. */
function ean(twelve: string): string {
  const sum = [...twelve].reduce((total, digit, n) => total + Number(digit) * (n % 2 ? 3 : 1), 0);
  return `${twelve}${(10 - (sum % 10)) % 10}`;
}
