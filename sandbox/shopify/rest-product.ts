// products/create, products/update and products/delete: the REST shape of a product. It knows no metafields, no
// weights, and its tags are one text. Shape: shopify.dev, webhooks, "products/update", 2026-04 sample.
import { gid, money, num, numOrNull } from "./ids.ts";
import { localTime } from "./rest-line.ts";
import { imageUrl, type Store } from "./store.ts";
import type { ImageRecord, ProductRecord, VariantRecord } from "./types.ts";

/** products/create and products/update. */
export function restProduct(store: Store, product: ProductRecord): Record<string, unknown> {
  const images = product.images.map((image, n) => restImage(store, product, { image, position: n + 1 }));
  return {
    admin_graphql_api_id: gid("Product", product.id),
    body_html: product.bodyHtml,
    created_at: localTime(product.createdAt),
    handle: product.handle,
    id: num(product.id),
    product_type: product.productType,
    published_at: product.status === "active" ? localTime(product.createdAt) : null,
    template_suffix: null,
    title: product.title,
    updated_at: localTime(product.updatedAt),
    vendor: product.vendor,
    status: product.status,
    published_scope: "global",
    tags: [...product.tags].sort().join(", "),
    variants: product.variants.map((variant) => restVariant(product, variant)),
    options: product.options.map((option, n) => ({
      name: option.name,
      id: num(option.id),
      product_id: num(product.id),
      position: n + 1,
      values: option.values,
    })),
    images,
    image: images[0] ?? null,
    media: product.images.map((image, n) => restMedia(store, product, { image, position: n + 1 })),
    variant_gids: product.variants.map((variant) => ({
      admin_graphql_api_id: gid("ProductVariant", variant.id),
      updated_at: product.updatedAt,
    })),
    has_variants_that_requires_components: false,
    category: null,
  };
}

function restVariant(product: ProductRecord, variant: VariantRecord): Record<string, unknown> {
  return {
    admin_graphql_api_id: gid("ProductVariant", variant.id),
    barcode: variant.barcode,
    compare_at_price: null,
    created_at: localTime(product.createdAt),
    id: num(variant.id),
    inventory_policy: "deny",
    position: variant.position,
    price: money(variant.priceMinor),
    product_id: num(product.id),
    sku: variant.sku,
    taxable: true,
    title: variant.title,
    updated_at: localTime(product.updatedAt),
    option1: variant.options[0] ?? null,
    option2: variant.options[1] ?? null,
    option3: variant.options[2] ?? null,
    image_id: null,
    inventory_item_id: numOrNull(variant.inventoryItemId),
    inventory_quantity: 0,
    old_inventory_quantity: 0,
  };
}

interface Placed {
  image: ImageRecord;
  position: number;
}

function restImage(store: Store, product: ProductRecord, { image, position }: Placed) {
  return {
    id: num(image.id),
    admin_graphql_api_id: gid("ProductImage", image.id),
    alt: image.alt,
    position,
    product_id: num(product.id),
    created_at: localTime(product.createdAt),
    updated_at: localTime(product.updatedAt),
    width: image.width,
    height: image.height,
    // An https address, as every vendor that takes pictures by link demands.
    src: imageUrl(`https://${store.domain}`, image),
    variant_ids: [],
  };
}

function restMedia(store: Store, product: ProductRecord, { image, position }: Placed) {
  const { width, height } = image;
  const src = imageUrl(`https://${store.domain}`, image);
  return {
    id: num(image.id),
    product_id: num(product.id),
    position,
    created_at: localTime(product.createdAt),
    updated_at: localTime(product.updatedAt),
    alt: image.alt,
    status: "READY",
    media_content_type: "IMAGE",
    preview_image: { width, height, src, status: "READY" },
    variant_ids: [],
    admin_graphql_api_id: gid("MediaImage", image.id),
  };
}
