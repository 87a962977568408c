// How lists are told of in the tools: counts, pages and names with a picture behind them. Pure.
import type { Cell } from "../vendor.ts";
import type { ItemPage } from "./catalogue.ts";

/** "One ring", "12 rings". */
export function counted(count: number, noun: string): string {
  return count === 1 ? `One ${noun}` : `${count} ${noun}s`;
}

/** "; page 2 of 3" when there is more than one. */
export function pagesOf(pagination: ItemPage["pagination"]): string {
  return pagination && pagination.pages > 1
    ? `; this is page ${pagination.page} of ${pagination.pages}.`
    : ".";
}

/** A name that opens its picture. */
export function linked(name: string, href: string | null | undefined): Cell {
  return href && URL.canParse(href) ? { text: name, href } : name;
}
