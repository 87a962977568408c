// The records of a shop's catalogue: what the admin edits, the Admin API shows, and product webhooks tell.

/** What the product page asks the shopper for before the line may go into the cart. */
export type ProductForm = "photo" | "customiser" | "ring" | "album" | "none";

/** In which unit the merchant typed a weight; what is kept is grams. */
export type WeightUnit = "GRAMS" | "KILOGRAMS" | "OUNCES" | "POUNDS";

/** What is put into a cart. Prices are minor units of the shop's currency. */
export interface VariantRecord {
  id: string;
  productId: string;
  inventoryItemId: string;
  title: string;
  sku: string | null;
  barcode: string | null;
  priceMinor: number;
  options: string[];
  requiresShipping: boolean;
  grams: number;
  weightUnit: WeightUnit;
  position: number;
}

/** One picture of a product, in the merchant's order. `src` is a whole address, or a path on the shop's server. */
export interface ImageRecord {
  id: string;
  alt: string | null;
  src: string;
  width: number;
  height: number;
}

/** The three states of a product in the admin. */
export type ProductState = "active" | "draft" | "archived";

/** A product with all its variants; `art` names its drawing. Metafields lie in the store, by owner. */
export interface ProductRecord {
  id: string;
  title: string;
  handle: string;
  vendor: string;
  productType: string;
  status: ProductState;
  tags: string[];
  bodyHtml: string;
  options: { id: string; name: string; values: string[] }[];
  variants: VariantRecord[];
  images: ImageRecord[];
  giftCard: boolean;
  form: ProductForm;
  art: string;
  createdAt: string;
  updatedAt: string;
}

/** A metafield of a product or variant; `value: null` takes it away. Types are Shopify's, text by default. */
export interface OwnMetafieldInput {
  namespace: string;
  key: string;
  type?: string | undefined;
  value: string | null;
}

/** A variant as the merchant saves it. With the `id` of a known one it stays that one, and keeps what is not named. */
export interface VariantInput {
  id?: string | undefined;
  /** One value per option of the product, in their order. */
  options?: string[] | undefined;
  sku?: string | null | undefined;
  barcode?: string | null | undefined;
  priceMinor?: number | undefined;
  grams?: number | undefined;
  weightUnit?: WeightUnit | undefined;
  requiresShipping?: boolean | undefined;
  metafields?: OwnMetafieldInput[] | undefined;
}

/** A product as the merchant saves it. No options and variants: one variant called "Default Title". */
export interface ProductInput {
  title: string;
  /** Made of the title when left out. */
  handle?: string | undefined;
  vendor?: string | undefined;
  productType?: string | undefined;
  status?: ProductState | undefined;
  tags?: string[] | undefined;
  bodyHtml?: string | undefined;
  /** Names of the options; their values are those of the variants. */
  options?: { name: string }[] | undefined;
  variants?: VariantInput[] | undefined;
  images?: { src: string; alt?: string | null | undefined }[] | undefined;
  metafields?: OwnMetafieldInput[] | undefined;
}

/** What changes about a product. Lists replace what was there; metafields are added to what was there. */
export type ProductChange = { [Part in keyof ProductInput]?: ProductInput[Part] | undefined };
