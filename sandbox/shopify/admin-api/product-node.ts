// Products and variants, as the Admin API shows them.
import { gid, money } from "../ids.ts";
import { imageUrl, type Store } from "../store.ts";
import type { ImageRecord, ProductRecord, VariantRecord, WeightUnit } from "../types.ts";
import { metafieldFields } from "./metafield-node.ts";
import { connection, moneyV2, type Node, type PageArgs } from "./nodes.ts";

/** Product. */
export function productNode(store: Store, product: ProductRecord): Node {
  const prices = product.variants.map((variant) => variant.priceMinor);
  const first = product.images[0];
  return {
    __typename: "Product",
    id: gid("Product", product.id),
    legacyResourceId: product.id,
    title: product.title,
    handle: product.handle,
    vendor: product.vendor,
    productType: product.productType,
    status: product.status.toUpperCase(),
    tags: [...product.tags].sort(),
    description: product.bodyHtml.replace(/<[^>]+>/g, ""),
    descriptionHtml: product.bodyHtml,
    createdAt: product.createdAt,
    updatedAt: product.updatedAt,
    publishedAt: product.status === "active" ? product.createdAt : null,
    onlineStoreUrl: `https://${store.domain}/products/${product.handle}`,
    onlineStorePreviewUrl: `https://${store.domain}/products/${product.handle}`,
    isGiftCard: product.giftCard,
    hasOnlyDefaultVariant: product.variants.length === 1 && product.variants[0]?.title === "Default Title",
    totalInventory: 0,
    tracksInventory: false,
    templateSuffix: null,
    seo: { title: null, description: null },
    options: (args: { first?: number | null }) =>
      product.options.slice(0, args.first ?? undefined).map((option, n) => optionNode(option, n + 1)),
    priceRangeV2: {
      minVariantPrice: moneyV2(Math.min(...prices), store.currency),
      maxVariantPrice: moneyV2(Math.max(...prices), store.currency),
    },
    featuredImage: first ? imageNode(store, first) : null,
    featuredMedia: () => (first ? mediaNode(store, product, first) : null),
    images: (args: PageArgs) => connection(product.images, args, (image) => imageNode(store, image)),
    media: (args: PageArgs) => connection(product.images, args, (image) => mediaNode(store, product, image)),
    mediaCount: { count: product.images.length, precision: "EXACT" },
    category: null,
    variantsCount: { count: product.variants.length, precision: "EXACT" },
    variants: (args: PageArgs) =>
      connection(product.variants, args, (variant) => variantNode(store, variant, product)),
    ...metafieldFields(store, gid("Product", product.id)),
  };
}

function optionNode(option: ProductRecord["options"][number], position: number): Node {
  return {
    id: gid("ProductOption", option.id),
    name: option.name,
    position,
    values: option.values,
    optionValues: option.values.map((name, n) => ({
      id: gid("ProductOptionValue", `${option.id}${n + 1}`),
      name,
      hasVariants: true,
    })),
  };
}

function imageNode(store: Store, image: ImageRecord): Node {
  return {
    id: gid("ProductImage", image.id),
    altText: image.alt,
    url: imageUrl(store.picturesAt, image),
    width: image.width,
    height: image.height,
  };
}

function mediaNode(store: Store, product: ProductRecord, image: ImageRecord): Node {
  const shown = imageNode(store, image);
  return {
    __typename: "MediaImage",
    id: gid("MediaImage", image.id),
    alt: image.alt,
    mediaContentType: "IMAGE",
    status: "READY",
    fileStatus: "READY",
    mimeType: image.src.includes(".svg") ? "image/svg+xml" : "image/jpeg",
    createdAt: product.createdAt,
    updatedAt: product.updatedAt,
    image: shown,
    preview: { image: shown, status: "READY" },
  };
}

const gramsIn: Record<WeightUnit, number> = {
  GRAMS: 1,
  KILOGRAMS: 1000,
  OUNCES: 28.349523125,
  POUNDS: 453.59237,
};

/** In the unit the merchant typed it in, to four places. */
function weightNode({ grams, weightUnit }: VariantRecord): Node {
  return { unit: weightUnit, value: Math.round((grams / gramsIn[weightUnit]) * 10_000) / 10_000 };
}

/** ProductVariant. Its product is given where a bulk operation reads on after the product was deleted. */
export function variantNode(store: Store, variant: VariantRecord, of?: ProductRecord): Node {
  const product = of ?? store.products.get(variant.productId);
  if (!product) throw new Error(`variant ${variant.id} has no product`);
  return {
    __typename: "ProductVariant",
    id: gid("ProductVariant", variant.id),
    legacyResourceId: variant.id,
    title: variant.title,
    displayName: `${product.title} - ${variant.title}`,
    sku: variant.sku,
    barcode: variant.barcode,
    price: money(variant.priceMinor),
    compareAtPrice: null,
    position: variant.position,
    availableForSale: true,
    taxable: true,
    inventoryPolicy: "DENY",
    inventoryQuantity: 0,
    sellableOnlineQuantity: 0,
    createdAt: product.createdAt,
    updatedAt: product.updatedAt,
    image: null,
    selectedOptions: variant.options.map((value, n) => ({ name: product.options[n]?.name ?? "", value })),
    product: () => productNode(store, product),
    inventoryItem: {
      id: gid("InventoryItem", variant.inventoryItemId),
      legacyResourceId: variant.inventoryItemId,
      sku: variant.sku,
      requiresShipping: variant.requiresShipping,
      tracked: false,
      unitCost: null,
      measurement: {
        id: gid("InventoryItemMeasurement", variant.inventoryItemId),
        weight: weightNode(variant),
      },
    },
    ...metafieldFields(store, gid("ProductVariant", variant.id)),
  };
}
