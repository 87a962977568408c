// Words that a merchant lists and WHCC names, compared as people read them. Pure.
import { oneLine } from "../vendor.ts";

/** Words of a merchant's list, e.g. "10×10, Lustre". */
export function wordsIn(list: string | undefined): string[] {
  return (list ?? "").split(",").flatMap((word) => oneLine(word) ?? []);
}

/** The same words, whatever their letters' case and spaces. */
export function sameWords(left: string | undefined, right: string | undefined): boolean {
  return oneLine(left) !== undefined && oneLine(left)?.toLowerCase() === oneLine(right)?.toLowerCase();
}
