// How the storefront looks: one page frame and one stylesheet, with nothing from another host.
import { escape, html, type Reply } from "../http.ts";
import type { Store } from "../store.ts";

/** What a theme brings along: the shopper's language, the colours, its scripts, and what lies over its pages. */
export interface Frame {
  language?: string;
  dark?: boolean;
  head?: string;
  after?: string;
}

const rightToLeft = new Set(["ar", "he", "fa", "ur"]);

/** Puts a page's body into the shop's frame. */
export function page(
  store: Store,
  of: { title: string; body: string; inCart: number; script?: string; theme?: Frame },
): Reply {
  const { language = "en", dark = false, head = "", after = "" } = of.theme ?? {};
  return html(`<!doctype html>
<html lang="${escape(language)}" dir="${rightToLeft.has(language) ? "rtl" : "ltr"}"${dark ? " data-dark" : ""}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(of.title)} – ${escape(store.shopName)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
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

const style = `
:root{--ink:#1c1b1a;--soft:#6b6660;--line:#e4dfd8;--paper:#faf8f5;--card:#fff;--accent:#b4472e;--accent-ink:#fff;--good:#2c6e49;--radius:14px;color-scheme:light}
html[data-dark]{--ink:#f3efe9;--soft:#b3aca2;--line:#3d3934;--paper:#181613;--card:#221f1b;--accent:#e98a6f;--accent-ink:#1c1410;--good:#7fd0a1;color-scheme:dark}
html[data-dark] [data-cart-count]{color:#181613}
*{box-sizing:border-box}
body{margin:0;font:16px/1.55 "Inter",system-ui,-apple-system,"Segoe UI",sans-serif;color:var(--ink);background:var(--paper)}
a{color:inherit}
.skip{position:absolute;left:-9999px}.skip:focus{left:12px;top:12px;background:#fff;padding:8px 12px}
.wrap{max-width:1080px;margin:0 auto;padding:0 24px}
.top{border-bottom:1px solid var(--line);background:var(--card);position:sticky;top:0;z-index:5}
.top .wrap{display:flex;align-items:center;justify-content:space-between;height:64px}
.brand{font-weight:700;font-size:1.15rem;letter-spacing:-.01em;text-decoration:none}
nav a{margin-left:24px;text-decoration:none;color:var(--soft)}nav a:hover{color:var(--ink)}
[data-cart-count]{background:var(--ink);color:#fff;border-radius:99px;font-size:.75rem;padding:2px 8px;margin-left:4px}
main.wrap{padding-top:40px;padding-bottom:64px}
footer.wrap{color:var(--soft);font-size:.85rem;border-top:1px solid var(--line);padding-top:20px;padding-bottom:32px}
h1{font-size:clamp(1.8rem,4vw,2.6rem);line-height:1.15;letter-spacing:-.02em;margin:0 0 .4em}
h2{font-size:1.2rem;margin:0 0 .6em}
.lead{color:var(--soft);max-width:56ch;margin:0 0 32px}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(230px,1fr));gap:24px}
.card{background:var(--card);border:1px solid var(--line);border-radius:var(--radius);overflow:hidden;text-decoration:none;display:block;transition:transform .15s,box-shadow .15s}
a.card:hover{transform:translateY(-2px);box-shadow:0 10px 30px #0000000f}
.card img,.pic img{width:100%;height:auto;aspect-ratio:1;object-fit:cover;display:block;background:#efe9e1}
.card .in{padding:14px 18px 18px}
.card .vendor{color:var(--soft);font-size:.8rem}
.card strong{display:block;line-height:1.3;margin:2px 0 6px}
.two{display:grid;grid-template-columns:1.1fr 1fr;gap:48px;align-items:start}
@media (max-width:760px){.two{grid-template-columns:1fr;gap:24px}}
.pic{border-radius:var(--radius);overflow:hidden;border:1px solid var(--line)}
.price{font-size:1.4rem;font-weight:600;margin:0 0 20px}
fieldset{border:0;padding:0;margin:0 0 18px}legend,label.name{font-weight:600;font-size:.9rem;margin-bottom:8px;display:block;padding:0}
.pills{display:flex;flex-wrap:wrap;gap:8px}
.pills label{cursor:pointer}
.pills input{position:absolute;opacity:0}
.pills span{display:block;border:1px solid var(--line);background:var(--card);border-radius:99px;padding:8px 16px}
.pills input:checked+span{border-color:var(--ink);box-shadow:inset 0 0 0 1px var(--ink)}
.pills input:focus-visible+span{outline:3px solid #5b8def}
input[type=text],input[type=email],input[type=url],input[type=number],select,textarea{width:100%;font:inherit;padding:11px 13px;border:1px solid #bdb6ac;border-radius:10px;background:#fff;color:inherit}
input:focus-visible,select:focus-visible,button:focus-visible,a:focus-visible{outline:3px solid #5b8def;outline-offset:1px}
.field{margin-bottom:16px}.hint{color:var(--soft);font-size:.85rem;margin:6px 0 0}
.row{display:grid;grid-template-columns:1fr 1fr;gap:14px}
button,.button{font:inherit;font-weight:600;border:0;border-radius:12px;background:var(--accent);color:var(--accent-ink);padding:14px 22px;cursor:pointer;text-decoration:none;display:inline-block;text-align:center}
button:hover,.button:hover{filter:brightness(1.06)}
button.wide{width:100%}
button.plain{background:none;color:var(--soft);padding:4px 0;font-weight:400;text-decoration:underline}
.panel{background:var(--card);border:1px solid var(--line);border-radius:var(--radius);padding:24px;margin-bottom:20px}
table{width:100%;border-collapse:collapse}td,th{text-align:left;padding:12px 0;border-bottom:1px solid var(--line);vertical-align:top}td.num,th.num{text-align:right;white-space:nowrap}
.props{color:var(--soft);font-size:.85rem;margin:2px 0 0;overflow-wrap:anywhere}
.sum{display:flex;justify-content:space-between;padding:6px 0}.sum.all{font-weight:700;font-size:1.1rem;border-top:1px solid var(--line);margin-top:8px;padding-top:12px}
.badge{display:inline-block;border-radius:99px;padding:3px 12px;font-size:.85rem;background:#efe9e1}.badge.good{background:#dff1e6;color:var(--good)}
.track{border-left:3px solid var(--good);padding:2px 0 2px 16px;margin:14px 0}
.customiser{display:grid;grid-template-columns:140px 1fr;gap:16px;align-items:start}.customiser svg{width:100%;border:1px solid var(--line);border-radius:8px}
.note{background:#fff6e0;border:1px solid #f0dca8;border-radius:10px;padding:10px 14px}
`;
