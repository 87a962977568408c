// What the storefront page says: links into the theme editor, and whether a product's block was seen. Pure.
import type { BadgeLook } from "./standing.ts";

/** The products of the storefront page by what is known of their block. */
export const storefrontViews = [
  { id: "all", label: "All" },
  { id: "not-seen", label: "Not seen yet" },
  { id: "seen", label: "Seen" },
] as const;

export type StorefrontView = (typeof storefrontViews)[number]["id"];

/** The view named in the address; anything else is "all". */
export function readStorefrontView(text: string | null): StorefrontView {
  return storefrontViews.find((view) => view.id === text)?.id ?? "all";
}

/** Places of the theme editor: what they add is saved only when the merchant saves it there. */
export interface EditorLinks {
  /** Adds the block to the product's own section, beside its form. */
  block: string;
  /** Adds it as a section of its own, for themes whose product section takes no apps. */
  section: string;
  /** Switches on the pictures in the cart. */
  cart: string;
}

/**
 * Links into the editor of the shop's published theme. Source: shopify.dev, "Configure theme app extensions", deep
 * linking, read 2026-11-22: a block is named by the app's API key and the file of the block.
 */
export function editorLinks({ shop, apiKey }: { shop: string; apiKey: string }): EditorLinks {
  const editor = (query: Record<string, string>): string =>
    `https://${shop}/admin/themes/current/editor?${new URLSearchParams(query).toString().replaceAll("%2F", "/")}`;
  const addAppBlockId = `${apiKey}/dot-preview`;
  return {
    block: editor({ template: "product", addAppBlockId, target: "mainSection" }),
    section: editor({ template: "product", addAppBlockId, target: "newAppsSection" }),
    cart: editor({ context: "apps", template: "product", activateAppId: `${apiKey}/dot-cart-thumbnails` }),
  };
}

/** The badge of a product by when its block was last seen. */
export function seenBadge(seenAt: string | undefined): BadgeLook {
  return seenAt
    ? { label: "Seen in the shop", tone: "success" }
    : { label: "Not seen yet", tone: "attention" };
}

/** The badge of the block as a whole. */
export function blockBadge({ products, seen }: { products: number; seen: number }): BadgeLook {
  if (products === 0) return { label: "No product yet" };
  if (seen === 0) return { label: "Not seen yet", tone: "attention" };
  return seen < products
    ? { label: `Seen on ${seen} of ${products} products`, tone: "info" }
    : { label: "Seen on every product", tone: "success" };
}

/** The looks that a shop offers, in the vendor's order. Nothing chosen is all of them. */
export function offeredLooks<Look extends { look: string }>(
  all: readonly Look[],
  chosen: readonly string[],
): readonly Look[] {
  return chosen.length === 0 ? all : all.filter(({ look }) => chosen.includes(look));
}
