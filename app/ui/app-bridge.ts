// Shopify's App Bridge where it is there: never on the server, and not outside Shopify's admin. A page must work
// without it, so everything asked of it is asked carefully.
import { useEffect } from "react";

/** App Bridge, or undefined when the page is drawn on the server or outside the admin. */
export function appBridge(): Partial<typeof shopify> | undefined {
  return typeof window === "undefined"
    ? undefined
    : (window as { shopify?: Partial<typeof shopify> }).shopify;
}

/**
 * Says that something was done, as a toast. `data` is the answer the sentence came with: the same sentence from a
 * second answer is said again. What went wrong never comes here; it stays on the page.
 */
export function useToast(data: unknown, sentence: string | undefined): void {
  useEffect(() => {
    if (sentence !== undefined) appBridge()?.toast?.show(sentence);
  }, [data, sentence]);
}

/** A page of Shopify's admin, e.g. `shopify://admin/orders/5551234567890`. App Bridge opens it around the app. */
export function adminLink(kind: "orders" | "products", id: string): string {
  return `shopify://admin/${kind}/${id}`;
}
