// The block's own way into the cart, for pages without a product form near it: the platform's action, else the
// cart's oldest door. Where a form is near, the theme's button is used and nothing here runs.
import { next } from "./dot-preview-api.js";

/** Adds one kit. Throws when nothing came of it; returns the shop's sentence when the cart refuses. May never end. */
export const addToCart = async (variant, properties, signal) => {
  const { actions, routes } = window.Shopify ?? {};
  if (actions?.updateCart) {
    const attributes = Object.entries(properties).map(([key, value]) => ({ key, value }));
    const merchandiseId = `gid://shopify/ProductVariant/${variant}`;
    // Resolves when the cart refuses too, and says why (shopify.dev, storefront actions).
    const { userErrors } = await actions.updateCart({ lines: [{ merchandiseId, quantity: 1, attributes }] });
    if (userErrors?.length) return userErrors[0].message;
    await actions.openCart?.();
    return undefined;
  }
  const root = routes?.root ?? "/";
  const answer = await fetch(`${root}cart/add.js`, {
    method: "POST",
    signal,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ items: [{ id: Number(variant), quantity: 1, properties }] }),
  });
  if (!answer.ok) return (await answer.json()).description ?? "unavailable";
  location.assign(`${root}cart`);
  // The button is in reach until the cart is there, and a shopper may stop that.
  await next(window, "pagehide", signal);
  return undefined;
};
