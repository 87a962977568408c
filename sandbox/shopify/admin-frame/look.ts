// The frame of every admin page here: top bar, navigation, content; plain, in the manner of Shopify's admin.
import { escape, html, type Reply } from "../http.ts";

interface AdminPage {
  handle: string;
  shopName: string;
  title: string;
  body: string;
  /** Which entry of the navigation is the current one. */
  at: "home" | "orders" | "products" | "app" | "settings";
  /** The app's frame fills the whole content area. */
  wide?: boolean;
  script?: string;
}

/** Puts a page into the admin's frame. */
export function adminPage(of: AdminPage): Reply {
  const base = `/store/${of.handle}`;
  const link = (at: AdminPage["at"], path: string, label: string) =>
    `<a href="${base}${path}"${of.at === at ? ' aria-current="page"' : ""}>${label}</a>`;
  return html(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(of.title)} · ${escape(of.shopName)}</title><link rel="icon" href="data:,"><style>${style}</style></head>
<body>
<div id="loading" hidden></div>
<header class="bar"><strong>sandbox admin</strong><span class="store">${escape(of.shopName)}</span></header>
<section id="save-bar" class="bar" aria-label="Unsaved changes" hidden><span>Unsaved changes</span><div></div></section>
<nav class="side" aria-label="Admin">
${link("home", "/", "Home")}${link("orders", "/orders", "Orders")}${link("products", "/products", "Products")}
<p>Apps</p>
<a href="${base}/apps/makerlane/app"${of.at === "app" ? ' data-app-home aria-current="page"' : ""}>Makerlane</a>
<div id="app-menu"></div>
<p>Elsewhere</p><a href="/?standin_shop=${escape(of.handle)}.myshopify.com">Online store</a>${link("settings", "/settings", "Settings")}
</nav>
<main class="${of.wide ? "wide" : "page"}">${of.body}</main>
<div id="toasts" role="status" aria-live="polite"></div>
${of.script ?? ""}
</body></html>`);
}

const style = `
*{box-sizing:border-box}
body{margin:0;font:14px/1.45 "Inter",system-ui,-apple-system,"Segoe UI",sans-serif;color:#303030;background:#f1f1f1;display:grid;grid-template:52px 1fr/232px 1fr;height:100vh}
[hidden]{display:none!important}
.bar{grid-column:1/-1;background:#1a1a1a;color:#e3e3e3;display:flex;align-items:center;justify-content:space-between;padding:0 16px}
#save-bar{position:fixed;inset:0 0 auto;height:52px;z-index:10}#save-bar div{display:flex;gap:8px}.bar button{background:#4a4a4a;border-color:#616161;color:#fff}.bar button.primary{background:#fff;color:#1a1a1a}
.store{background:#303030;border-radius:8px;padding:5px 12px}
.side{padding:12px 10px;background:#ebebeb;overflow:auto;display:flex;flex-direction:column;gap:2px}
.side p{margin:14px 8px 2px;font-size:12px;color:#616161}
.side a{padding:6px 10px;border-radius:8px;color:inherit;text-decoration:none;font-weight:550}.side a:hover{background:#f6f6f6}.side a[aria-current]{background:#fff}
#app-menu{display:flex;flex-direction:column;gap:2px;padding-left:16px}#app-menu a{font-weight:450}
main.page{overflow:auto;padding:24px;width:100%;max-width:1040px;margin:0 auto}
main.wide{display:flex;flex-direction:column;min-width:0}
.app-bar{display:flex;align-items:center;gap:12px;background:#fff;border-bottom:1px solid #e3e3e3;padding:8px 16px;min-height:44px}.app-bar #title{color:#616161}.app-bar #title-actions{margin-left:auto;display:flex;gap:8px}
iframe{border:0;flex:1;width:100%;background:#f1f1f1}
h1{font-size:20px;margin:0 0 16px}h2{font-size:14px;margin:0 0 10px}
.card{background:#fff;border-radius:12px;box-shadow:0 1px 0 #0000000d,0 0 0 1px #0000000d;padding:16px;margin-bottom:16px}
table{width:100%;border-collapse:collapse}th{font-weight:550;color:#616161;text-align:left}td,th{padding:8px 6px;border-bottom:1px solid #ebebeb;vertical-align:top}
td.num{text-align:right}td+td{white-space:nowrap}.actions{flex-wrap:wrap}td .actions{flex-direction:column;align-items:end;margin:0}
.badge{display:inline-block;border-radius:8px;padding:2px 8px;background:#e3e3e3;font-size:12px}.badge.good{background:#affebf}.badge.warn{background:#ffef9d}.badge.bad{background:#fed3d1}
.soft{color:#616161;font-size:12px;overflow-wrap:anywhere;margin:2px 0}
button,.button{font:inherit;font-weight:550;border:1px solid #ccc;background:#fff;border-radius:8px;padding:6px 12px;cursor:pointer;color:inherit;text-decoration:none}
button.primary{background:#303030;color:#fff;border-color:#303030}button.critical{background:#c70a24;color:#fff;border-color:#c70a24}button:disabled{opacity:.5}
button:focus-visible,a:focus-visible,input:focus-visible{outline:2px solid #005bd3;outline-offset:1px}
.actions{display:flex;flex-wrap:wrap;gap:8px;margin-bottom:16px}.actions form{display:flex;gap:6px}
input,select{font:inherit;padding:6px 10px;border:1px solid #8a8a8a;border-radius:8px}
#toasts{position:fixed;left:50%;bottom:24px;transform:translateX(-50%);display:flex;flex-direction:column;gap:8px;z-index:20}
.toast{background:#303030;color:#fff;border-radius:10px;padding:10px 16px;display:flex;gap:12px;align-items:center}.toast.error{background:#8e0b21}.toast button{background:none;color:inherit;border:0;text-decoration:underline}
dialog{border:0;border-radius:14px;padding:20px;width:min(520px,90vw)}dialog::backdrop{background:#0008}dialog footer{display:flex;justify-content:flex-end;gap:8px;margin-top:16px}
.picker{list-style:none;padding:0;max-height:50vh;overflow:auto}.picker li{padding:6px 0;border-bottom:1px solid #ebebeb}
#loading{position:fixed;inset:0 0 auto;height:3px;background:#2fc1ff;z-index:30;animation:run 1.2s infinite}@keyframes run{from{transform:scaleX(.1)}to{transform:scaleX(1)}}
@media (max-width:760px){body{grid-template:52px 1fr/1fr}.side{display:none}}
`;
