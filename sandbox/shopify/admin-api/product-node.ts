// Products and variants, as the Admin API shows them.
import { gid, money } from "../ids.ts";
import { pictureOf, type Store } from "../store.ts";
import type { ProductRecord, VariantRecord } from "../types.ts";
import { metafieldFields } from "./metafield-node.ts";
import { connection, moneyV2, type Node, type PageArgs } from "./nodes.ts";

/** Product. */
export function productNode(store: Store, product: ProductRecord): Node {
  const prices = product.variants.map((variant) => variant.priceMinor);
  const image = imageNode(store, product);
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
    featuredImage: image,
    featuredMedia: () => mediaNode(store, product),
    media: (args: PageArgs) => connection([product], args, () => mediaNode(store, product)),
    mediaCount: { count: 1, precision: "EXACT" },
    variantsCount: { count: product.variants.length, precision: "EXACT" },
    variants: (args: PageArgs) =>
      connection(product.variants, args, (variant) => variantNode(store, variant)),
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

function imageNode(store: Store, product: ProductRecord): Node {
  return {
    id: gid("ProductImage", `9${product.id.slice(-10)}`),
    altText: product.title,
    url: pictureOf(store, product),
    width: 1200,
    height: 1200,
  };
}

function mediaNode(store: Store, product: ProductRecord): Node {
  const image = imageNode(store, product);
  return {
    __typename: "MediaImage",
    id: gid("MediaImage", `9${product.id.slice(-10)}`),
    alt: product.title,
    mediaContentType: "IMAGE",
    status: "READY",
    fileStatus: "READY",
    mimeType: "image/svg+xml",
    createdAt: product.createdAt,
    updatedAt: product.updatedAt,
    image,
    preview: { image, status: "READY" },
  };
}

/** ProductVariant. */
export function variantNode(store: Store, variant: VariantRecord): Node {
  const product = store.products.get(variant.productId);
  if (!product) throw new Error(`variant ${variant.id} has no product`);
  return {
    __typename: "ProductVariant",
    id: gid("ProductVariant", variant.id),
    legacyResourceId: variant.id,
    title: variant.title,
    displayName: `${product.title} - ${variant.title}`,
    sku: variant.sku,
    barcode: null,
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
        weight: { unit: "GRAMS", value: variant.grams },
      },
    },
    ...metafieldFields(store, gid("ProductVariant", variant.id)),
  };
}
