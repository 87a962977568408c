// The noun of the products road. Imports only the words of the orders road, so every part of the app may import it.
import type { Money } from "../orders/order.ts";

/** One variant of a Shopify product. Ids are Shopify's numbers as text. */
export interface ProductVariant {
  id: string;
  /** "Default Title" when the product has no options. */
  title: string;
  sku?: string | undefined;
  barcode?: string | undefined;
  price?: Money | undefined;
  /** Grams. */
  weight?: number | undefined;
  /** As the merchant named them: Size → "40 × 50". */
  options: { name: string; value: string }[];
  /** "namespace.key" → the value as Shopify's text. */
  metafields: Record<string, string>;
}

/** One picture of a product, in the merchant's order. */
export interface ProductImage {
  url: string;
  alt?: string | undefined;
}

/** What we know of a Shopify product: the one shape that vendors with a catalogue are given. No personal data. */
export interface ProductFacts {
  id: string;
  title: string;
  handle: string;
  /** As Shopify has it: HTML a merchant wrote. */
  descriptionHtml: string;
  status: "active" | "draft" | "archived";
  productVendor?: string | undefined;
  productType?: string | undefined;
  tags: string[];
  currency: string;
  /** Shopify's updated_at. */
  updatedAt: string;
  images: ProductImage[];
  variants: ProductVariant[];
  /** "namespace.key" → the value as Shopify's text. */
  metafields: Record<string, string>;
}
