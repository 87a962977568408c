// A Shopify product and its variants as the OMS's catalogue takes them. Pure.
import type { ProductFacts, ProductVariant } from "../../products/product.ts";
import { oneLine, refuse, toPlainText, withoutGaps } from "../vendor.ts";
import type { ProductBody, VariantBody } from "./catalogue.ts";

/** What Shopify does not know and the OMS asks for: filled in by the merchant. */
export interface Choices {
  category_id: number;
  team_id: number;
  country_id: number;
  order_column: number;
  default_dpi?: number | undefined;
  default_location_id?: number | undefined;
  /** Shopify has grams; the OMS names no unit. */
  weight: string;
  description: boolean;
}

/** The body of "create product". Throws VendorError `rejected` for a product without a title. */
export function toProductBody(product: ProductFacts, choices: Choices): ProductBody {
  const { category_id, team_id, order_column, default_dpi, default_location_id } = choices;
  return withoutGaps({
    category_id,
    name: titleOf(product),
    // A person can find it by this in the OMS when an answer was lost.
    code: oneLine(product.handle),
    order_column,
    active: product.status === "active",
    description: choices.description ? toPlainText(product.descriptionHtml) || undefined : undefined,
    default_dpi,
    team_id,
    default_location_id,
  });
}

/** The body of "create product variant". `productId` is the OMS's number of its product. */
export function toVariantBody(
  variant: ProductVariant,
  given: { product: ProductFacts; productId: number; uuid: string },
  choices: Choices,
): VariantBody {
  const { product, productId, uuid } = given;
  const { country_id, default_dpi, default_location_id } = choices;
  const tags = product.tags.flatMap((tag) => oneLine(tag.replaceAll(",", " ")) ?? []);
  return withoutGaps({
    uuid,
    name: variantName(variant, product),
    product_id: productId,
    weight:
      choices.weight === "grams" && variant.weight !== undefined && variant.weight >= 0
        ? Math.round(variant.weight)
        : undefined,
    country_id,
    default_dpi,
    ecommerce_tags: tags.length > 0 ? tags.join(",") : undefined,
    default_location_id,
  });
}

/** "Classic White T-Shirt - Large", as the document's example names it; the product's title when there is one variant. */
export function variantName(variant: ProductVariant, product: ProductFacts): string {
  const title = oneLine(variant.title);
  return title === undefined || title === "Default Title"
    ? titleOf(product)
    : `${titleOf(product)} - ${title}`;
}

function titleOf(product: ProductFacts): string {
  return (
    oneLine(product.title) ??
    refuse(`Product ${product.handle} has no title. Give it one in Shopify and bring it again.`)
  );
}
