// The widget on a page of our own: for an order line without a photo, and for shops whose page has no script. The same
// assets as in the theme; only what stands around them is written here.
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { escape, kitHtml } from "./kit-html.server.ts";
import { wordsOfPage } from "./page-words.server.ts";

const extension = path.resolve("extensions", "dot-preview");

const localeShape = z.object({
  kit: z.record(z.string(), z.string()),
  say: z.record(z.string(), z.string()),
});

async function wordsOf(language: string) {
  const file = language === "en" ? "en.default.json" : `${language}.json`;
  return localeShape.parse(JSON.parse(await readFile(path.join(extension, "locales", file), "utf8")));
}

const types: Record<string, string> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".jpg": "image/jpeg",
};

/** One file of the widget, by its plain name. */
export async function answerAsset(name: string): Promise<Response> {
  const type = /^[\w-]+(\.[a-z]+)$/.exec(name)?.[1] ?? "";
  const bytes = types[type] && (await readFile(path.join(extension, "assets", name)).catch(() => undefined));
  if (!bytes) return new Response("Not found", { status: 404 });
  return new Response(new Uint8Array(bytes), {
    headers: {
      "content-type": types[type] ?? "",
      "cache-control": "public, max-age=300",
      "access-control-allow-origin": "*",
    },
  });
}

/** Where the widget stands, and for what. */
export interface PageFor {
  language: string;
  /** Where its calls go: "/apps/dot" or "/photo/…/api". */
  base: string;
  /** Where its files lie: "" on our own host, our whole address behind the proxy. */
  assets: string;
  productId: string;
  variantId: string;
  /** The shop's name as its shoppers know it. */
  shop: string;
  /** The order line that waits; absent where the page puts its variant into the cart. */
  line?: PageLine;
}

/** What the page of a link says of its order line. */
export interface PageLine {
  title: string;
  variantTitle: string | null;
  quantity: number;
  /** Days until an ordered photo is deleted, from when its kit should have arrived: two weeks after it was sent. */
  keepOrdered: number;
}

/** The page with the widget. */
export async function previewPage(page: PageFor): Promise<Response> {
  const { language, assets, shop, line } = page;
  const { kit, say } = await wordsOf(language);
  const own = wordsOfPage(language);
  if (line) {
    const days = new Intl.NumberFormat(language, { style: "unit", unit: "day", unitDisplay: "long" });
    const kept = own.say.privacy_days.replace("[days]", days.format(line.keepOrdered));
    Object.assign(say, own.say, { privacy_days: kept, add_elsewhere: own.say.not_offered });
    const { add_missing, privacy_days } = say;
    Object.assign(kit, { step_cart: own.stepSend, add: own.button, add_missing, privacy_days });
  }
  const words = Object.fromEntries(
    // As the theme writes them: places in brackets, filled where the numbers are known.
    Object.entries(say).map(([key, text]) => [key, text.replace(/\{\{\s*(\w+)\s*\}\}/g, "[$1]")]),
  );
  const data = JSON.stringify({
    locale: language,
    design: false,
    mode: line ? "page" : "cart",
    consent: false,
    looks: [],
    variants: [page.variantId],
    words,
  });
  const widget = kitHtml({ ...page, words: kit, data });
  const noScript = `<noscript><p>${filled(own.noScript, shop)}</p></noscript>`;
  const title = line ? own.title : (kit["heading"] ?? own.title);
  if (!line)
    return pageOf({
      language,
      assets,
      title,
      body: `${headingOf(title)}<p>${escape(kit["intro"] ?? "")}</p>${noScript}${widget}`,
    });
  const next = own.next.map((text) => `<li>${filled(text, shop)}</li>`).join("");
  return pageOf({
    language,
    assets,
    title: `${own.title} – ${shop}`,
    body: `<div id="lead"><p class="shop">${escape(shop)}</p>${headingOf(title)}<p>${filled(own.lead, shop)}</p>${productOf(line)}</div>
<div id="done" role="status" tabindex="-1" hidden><p class="shop">${escape(shop)}</p><h1>${escape(own.done[0])}</h1><p>${escape(own.done[1])}</p></div>
${noScript}${widget}
<section id="next"><h2>${escape(own.nextTitle)}</h2><ol>${next}</ol></section>`,
    script: thanks,
  });
}

const headingOf = (text: string): string => `<h1>${escape(text)}</h1>`;
/** The shop's name has its own direction: a Latin name stands in an Arabic sentence too. */
const filled = (text: string, shop: string): string =>
  escape(text).replaceAll("[shop]", `<bdi>${escape(shop)}</bdi>`);

function productOf({ title, variantTitle, quantity }: PageLine): string {
  const more = [variantTitle, quantity > 1 ? `× ${quantity}` : ""].filter(Boolean).join(" ");
  return `<p class="product"><strong>${escape(title)}</strong>${more === "" ? "" : `<span>${escape(more)}</span>`}</p>`;
}

// The painting stays, all else goes: the link is used up. What the tab remembers goes too, so that the next link for
// the same product begins with a photo of its own.
const thanks = `document.addEventListener("dot:selected",({target})=>{document.body.className="sent";try{sessionStorage.removeItem("dot-kit:"+target.dataset.product)}catch{}const done=document.getElementById("done");done.hidden=false;scrollTo(0,0);done.focus({preventScroll:true})})`;

/**
 * Why a link shows no widget: its picture was sent, its time is over, it is not one of ours, or nobody paints its
 * product at the moment (its Mapping or its vendor's connection is not complete).
 */
export type ClosedBecause = "used" | "over" | "broken" | "unoffered";

const closedStatus: Record<ClosedBecause, number> = { used: 410, over: 410, broken: 404, unoffered: 404 };

/** The page of a link that opens nothing. `shop` is the shop's name, unknown when the link is broken. */
export function closedPage(language: string, { why, shop }: { why: ClosedBecause; shop?: string }): Response {
  const own = wordsOfPage(language);
  const [title, text] = why === "unoffered" ? [own.title, own.say.not_offered] : own[why];
  const name = shop === undefined ? "" : `<p class="shop">${escape(shop)}</p>`;
  const body = `${name}${headingOf(title)}<p>${filled(text, shop ?? "")}</p>`;
  return pageOf({ language, assets: "", title, body, status: closedStatus[why] });
}

/** The page for a variant that is not made from a photo. */
export async function notOfferedPage(language: string): Promise<Response> {
  const { kit, say } = await wordsOf(language);
  const title = kit["heading"] ?? "";
  const body = `${headingOf(title)}<p>${escape(say["not_offered"] ?? "")}</p>`;
  return pageOf({ language, assets: "", title, body, status: 404 });
}

const style = `:root{color-scheme:light;--deep:#17513f}
body{margin:0;background:#f4f1ea;color:#22201c;font:1rem/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{box-sizing:border-box;max-width:36rem;margin:0 auto;padding:1.25rem 1rem 3rem;background:#fff;min-height:100vh}
@media (min-width:40rem){main{margin:2rem auto;padding:2rem;border-radius:1rem;min-height:0}}
h1{margin:0 0 .5rem;font-size:1.75rem;line-height:1.2}h2{margin:0 0 .5rem;font-size:1.1rem}p{margin:0 0 .75rem}
.shop{margin:0 0 .75rem;color:var(--deep);font-weight:600}
.product{display:grid;padding:.75rem 1rem;margin-bottom:1.25rem;border-inline-start:4px solid var(--deep);background:#f4f1ea;border-radius:.25rem}
.product span{color:#5a554c}
#done:focus{outline:none}
#next{margin-top:1.5rem;padding-top:1.25rem;border-top:1px solid #ddd6c8}#next ol{margin:0;padding-inline-start:1.25rem}#next li{margin-bottom:.35rem}
dot-kit{--dot-accent:var(--deep)}
dot-kit .dot-kit__own button.dot-kit__main{background:var(--deep);color:#fff;min-block-size:3.25rem;font-size:1.1rem}
dot-kit .dot-kit__own button.dot-kit__main[aria-disabled="true"]{background:transparent;color:inherit}
dot-kit[data-state="empty"] .dot-kit__choice{display:none}
.sent #lead,.sent #next,.sent .dot-kit__all>:not(.dot-kit__work),.sent .dot-kit__work>:not(.dot-kit__stage),.sent .dot-kit__compare{display:none!important}`;

interface Page {
  language: string;
  assets: string;
  title: string;
  body: string;
  /** One of ours, run before the widget. */
  script?: string;
  status?: number;
}

function pageOf({ language, assets, title, body, script, status = 200 }: Page): Response {
  const nonce = randomBytes(12).toString("base64url");
  const own = script === undefined ? "" : `<script nonce="${nonce}">${script}</script>`;
  const files = `${escape(assets)}/photo/assets/dot-preview`;
  const widget = body.includes("<dot-kit")
    ? {
        sheet: `<link rel="stylesheet" href="${files}.css">`,
        script: `<script src="${files}.js" defer></script>`,
      }
    : { sheet: "", script: "" };
  const html = `<!doctype html><html lang="${language}" dir="${language === "ar" ? "rtl" : "ltr"}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><meta name="robots" content="noindex"><link rel="icon" href="data:,"><title>${escape(title)}</title>${widget.sheet}<style>${style}</style></head><body><main>${body}</main>${own}${widget.script}</body></html>`;
  const from = assets === "" ? "" : ` ${new URL(assets).origin}`;
  return new Response(html, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "content-security-policy": `default-src 'none'; script-src 'self'${from} 'nonce-${nonce}'; style-src 'self'${from} 'unsafe-inline'; img-src 'self' blob: data:${from}; connect-src 'self'${from}; worker-src blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    },
  });
}
