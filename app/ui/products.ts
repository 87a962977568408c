// What the products page says of each variant: chosen, by its SKU, broken, or not yet. Pure.
import type { BadgeLook } from "./standing.ts";

/** The views of the products page. The first two ask Shopify, the others our own choices. */
export const productViews = [
  { id: "all", label: "All" },
  { id: "not-chosen", label: "Not chosen yet" },
  { id: "chosen", label: "Chosen" },
  { id: "broken", label: "Needs you" },
] as const;

export type ProductView = (typeof productViews)[number]["id"];

/** The view named in the address; anything else is "all". */
export function readProductView(text: string | null): ProductView {
  return productViews.find((view) => view.id === text)?.id ?? "all";
}

/** A choice that was made, as the lists show it. */
export interface Choice {
  variantId: string;
  sku: string | null;
  label: string;
  isRemoved: boolean;
  isGone: boolean;
}

/** What a variant is, for its row. */
export interface VariantStanding {
  badge: BadgeLook;
  /** False when an order with it would go nowhere, or be held. */
  isChosen: boolean;
}

/**
 * How a variant stands: by a choice of its own, else by its SKU when the shop matches by SKU. `likely` is the vendor
 * whose product it looks like: an order with it would be held until somebody chooses.
 */
export function variantStanding(
  variant: { id: string; sku?: string | undefined },
  {
    choices,
    matchBySku,
    likely,
  }: { choices: readonly Choice[]; matchBySku: boolean; likely?: string | undefined },
): VariantStanding {
  const own = choices.find(({ variantId }) => variantId === variant.id);
  if (own) return { badge: choiceBadge(own), isChosen: !own.isRemoved };
  const bySku =
    matchBySku && variant.sku ? choices.find(({ sku }) => sku !== null && sku === variant.sku) : undefined;
  if (bySku && !bySku.isRemoved)
    return { badge: { label: `Made by ${bySku.label}, by its SKU`, tone: "success" }, isChosen: true };
  return { badge: unchosen(likely), isChosen: false };
}

function unchosen(likely: string | undefined): BadgeLook {
  return likely ? { label: `Looks like ${likely}, choose it`, tone: "attention" } : { label: "Not chosen" };
}

/** The badge of a choice. A deleted variant is history; a removed connection needs somebody. */
export function choiceBadge(choice: Choice): BadgeLook {
  if (choice.isGone) return { label: `Deleted in Shopify, was made by ${choice.label}`, tone: "warning" };
  if (choice.isRemoved) return { label: `${choice.label} was removed`, tone: "critical" };
  return { label: `Made by ${choice.label}`, tone: "success" };
}

/** A variant with its product's title. "Default Title" is Shopify's name for an only variant without options. */
export function variantName(product: string, variant: string): string {
  return variant === "Default Title" ? product : `${product}, ${variant}`;
}

/**
 * What "Not chosen yet" says when it has nothing to show: only what is true of the products it looked at. Shopify
 * does not know what is chosen here, so each page of its list is looked at by itself.
 */
export function nothingOpen({
  search,
  isAnyFound = false,
  isFirst = true,
  next,
}: {
  search: string;
  isAnyFound?: boolean | undefined;
  isFirst?: boolean | undefined;
  next?: string | undefined;
}): { title: string; sentence: string } {
  if (!isAnyFound)
    return isFirst
      ? {
          title: "Nothing matches",
          sentence: `No product has “${search}” in its title or SKU. Archived products are not shown.`,
        }
      : { title: "No more products", sentence: "Go back to the first page to see the ones before." };
  if (next !== undefined)
    return {
      title: "Everything on this page is chosen",
      sentence: "Go to the next page for more products.",
    };
  if (!isFirst)
    return {
      title: "Everything on this page is chosen",
      sentence: "It is the last one. Go back to the first page to see what is not chosen on the others.",
    };
  return {
    title: search ? "Everything that matches is chosen" : "Everything is chosen",
    sentence: "Every variant found here has a vendor. Products that no vendor makes need no choice.",
  };
}
