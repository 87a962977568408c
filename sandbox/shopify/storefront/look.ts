// How the storefront looks: one page frame; its stylesheet comes from the CDN as every theme's does.
import { escape, html, type Reply } from "../http.ts";
import type { Store } from "../store.ts";

/** What a theme brings along: the shopper's language, the colours, its scripts, and what lies over its pages. */
export interface Frame {
  language?: string;
  dark?: boolean;
  /** What addresses of the CDN begin with; the shop's own origin when absent. */
  cdn?: string;
  head?: string;
  after?: string;
}

const rightToLeft = new Set(["ar", "he", "fa", "ur"]);

/** Puts a page's body into the shop's frame. */
export function page(
  store: Store,
  of: { title: string; body: string; inCart: number; script?: string; theme?: Frame },
): Reply {
  const { language = "en", dark = false, cdn = "/cdn", head = "", after = "" } = of.theme ?? {};
  return html(`<!doctype html>
<html lang="${escape(language)}" dir="${rightToLeft.has(language) ? "rtl" : "ltr"}"${dark ? " data-dark" : ""}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(of.title)} – ${escape(store.shopName)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${escape(cdn)}/themes/theme.css">
${head}
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="top"><div class="wrap">
<a class="brand" href="/">${escape(store.shopName)}</a>
<nav aria-label="Shop"><a href="/">Catalogue</a><a href="/cart" class="cart-link">Cart <span data-cart-count>${of.inCart}</span></a></nav>
</div></header>
<main id="main" class="wrap">${of.body}</main>
${after}
<footer class="wrap"><p>A shop for trying things out. No money moves, nothing is posted.</p></footer>
${of.script ? `<script type="module">${of.script}</script>` : ""}
</body>
</html>`);
}

/** 4900, USD → "$49.00". */
export function price(minor: number, currency: string): string {
  return new Intl.NumberFormat("en-US", { style: "currency", currency }).format(minor / 100);
}
