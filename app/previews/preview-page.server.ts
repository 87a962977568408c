// The widget on a page of our own: for an order line without a photo, and for shops whose page has no script. The same
// assets as in the theme; only what stands around them is written here.
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

const extension = path.resolve("extensions", "dot-preview");

interface PageWords {
  title: string;
  button: string;
  done: string;
  over: string;
}

// What only this page says; everything else is the theme's own words.
const pageWords: Record<string, PageWords> = {
  en: {
    title: "Add your photo",
    button: "Use this picture",
    done: "Thank you. Your picture is with your order now. You can close this page.",
    over: "This link is not good any more. Ask the shop for a new one.",
  },
  de: {
    title: "Foto hinzufügen",
    button: "Dieses Bild verwenden",
    done: "Danke. Ihr Bild gehört jetzt zu Ihrer Bestellung. Sie können diese Seite schließen.",
    over: "Dieser Link gilt nicht mehr. Bitten Sie den Shop um einen neuen.",
  },
  fr: {
    title: "Ajoutez votre photo",
    button: "Utiliser cette image",
    done: "Merci. Votre image est jointe à votre commande. Vous pouvez fermer cette page.",
    over: "Ce lien n’est plus valable. Demandez-en un nouveau à la boutique.",
  },
  es: {
    title: "Añade tu foto",
    button: "Usar esta imagen",
    done: "Gracias. Tu imagen ya está en tu pedido. Puedes cerrar esta página.",
    over: "Este enlace ya no es válido. Pide uno nuevo a la tienda.",
  },
  ja: {
    title: "写真を追加",
    button: "この画像を使う",
    done: "ありがとうございます。画像はご注文に追加されました。このページは閉じて構いません。",
    over: "このリンクは無効になりました。ショップに新しいリンクをご依頼ください。",
  },
  ar: {
    title: "أضف صورتك",
    button: "استخدم هذه الصورة",
    done: "شكرًا لك. أُضيفت صورتك إلى طلبك. يمكنك إغلاق هذه الصفحة.",
    over: "لم يعد هذا الرابط صالحًا. اطلب رابطًا جديدًا من المتجر.",
  },
};

/** The first language of a browser that we speak. */
export function languageOf(header: string | null): string {
  const wished = (header ?? "").split(",").map((part) => part.trim().slice(0, 2).toLowerCase());
  return wished.find((language) => Object.hasOwn(pageWords, language)) ?? "en";
}

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
  ".webp": "image/webp",
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
      "x-content-type-options": "nosniff",
      "access-control-allow-origin": "*",
    },
  });
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Where the widget stands, and for what. */
export interface PageFor {
  language: string;
  /** Where its calls go: "/apps/dot" or "/photo/…/api". */
  base: string;
  /** Where its files lie: "" on our own host, our whole address behind the proxy. */
  assets: string;
  productId: string;
  variantId: string;
  /** "page" gives the picture to an order line; "cart" puts the variant into the cart. */
  mode: "page" | "cart";
  heading?: string | undefined;
}

/** The page with the widget. */
export async function previewPage(page: PageFor): Promise<Response> {
  const { kit, say } = await wordsOf(page.language);
  const own = pageWords[page.language] ?? pageWords["en"];
  const words = Object.fromEntries(
    // As the theme writes them: places in brackets, filled where the numbers are known.
    Object.entries(say).map(([key, text]) => [key, text.replace(/\{\{\s*(\w+)\s*\}\}/g, "[$1]")]),
  );
  const data = {
    locale: page.language,
    design: false,
    mode: page.mode,
    consent: false,
    looks: [],
    variants: [{ id: page.variantId }],
    words,
  };
  const body = kitHtml(page, kit, JSON.stringify(data).replace(/</g, "\\u003c"));
  const button = page.mode === "page" ? (own?.button ?? "") : (kit["add"] ?? "");
  return pageOf(page, {
    title: page.heading ?? own?.title ?? "",
    body: `${body.replace("%button%", escape(button))}<p id="done" role="status" tabindex="-1" hidden>${escape(own?.done ?? "")}</p>`,
  });
}

/** The page of a link that is over. */
export function overPage(language: string): Response {
  const own = pageWords[language] ?? pageWords["en"];
  return pageOf({ language, assets: "", mode: "page" }, { title: own?.over ?? "", body: "", status: 410 });
}

function pageOf(
  { language, assets, mode }: Pick<PageFor, "language" | "assets" | "mode">,
  { title, body, status = 200 }: { title: string; body: string; status?: number },
): Response {
  const nonce = randomBytes(12).toString("base64url");
  const script =
    body === "" ? "" : `<script src="${escape(assets)}/photo/assets/dot-preview.js" defer></script>`;
  const thanks =
    mode === "page" && body !== ""
      ? `<script nonce="${nonce}">document.addEventListener("dot:selected",()=>{document.querySelector("dot-kit").hidden=true;const d=document.getElementById("done");d.hidden=false;d.focus()})</script>`
      : "";
  const html = `<!doctype html><html lang="${language}" dir="${language === "ar" ? "rtl" : "ltr"}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><meta name="robots" content="noindex"><title>${escape(title)}</title><link rel="stylesheet" href="${escape(assets)}/photo/assets/dot-preview.css"><style nonce="${nonce}">body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}</style></head><body><main><h1>${escape(title)}</h1>${body}</main>${script}${thanks}</body></html>`;
  const from = assets === "" ? "" : ` ${new URL(assets).origin}`;
  return new Response(html, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "content-security-policy": `default-src 'none'; script-src 'self'${from} 'nonce-${nonce}'; style-src 'self'${from} 'unsafe-inline'; img-src 'self' blob: data:${from}; connect-src 'self'${from}; worker-src blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    },
  });
}

function kitHtml(page: PageFor, words: Record<string, string>, data: string): string {
  const w = (key: string): string => escape(words[key] ?? "");
  const button = (hook: string, text: string, more = ""): string =>
    `<button type="button" data-dot="${hook}" ${more}>${text}</button>`;
  const unseen = `style="visibility: hidden"`;
  const arrow = (hook: string, sign: string): string =>
    button(`crop-${hook}`, sign, `aria-label="${w(`crop_${hook}`)}"`);
  return `<dot-kit id="kit" class="dot-kit" data-dot="kit" data-state="empty" data-product="${escape(page.productId)}" data-variant="${escape(page.variantId)}" data-proxy="${escape(page.base)}" data-studio="${escape(page.assets)}/photo/assets/dot-preview-studio.js">
<script type="application/json" data-dot="data">${data}</script>
<section class="dot-kit__all" aria-label="${w("heading")}"><p>${w("intro")}</p>
<ol class="dot-kit__steps" data-dot="steps"><li aria-current="step">${w("step_photo")}</li><li>${w("step_look")}</li><li>${w("step_cart")}</li></ol>
<div class="dot-kit__stage" data-dot="stage">
<label class="dot-kit__drop" data-dot="drop"><input type="file" data-dot="input" form="dot-kit-none" accept="image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif" aria-describedby="kit-hint kit-error"><strong>${w("add_photo")}</strong><span id="kit-hint">${w("add_photo_hint")}</span></label>
<div class="dot-kit__frame" data-dot="frame" role="group" aria-label="${w("zoom_frame")}" hidden><img data-dot="photo" alt="${w("photo_alt")}" width="960" height="1200" draggable="false"><img data-dot="large" alt="" width="960" height="1200" draggable="false" hidden></div>
<input type="range" class="dot-kit__compare" data-dot="compare" form="dot-kit-none" min="0" max="100" value="50" aria-label="${w("compare_slider")}" hidden>
<a class="dot-kit__fallback" data-dot="fallback" href="#kit">${w("fallback")}</a></div>
<div class="dot-kit__bar"><div class="dot-kit__row" data-dot="tools">${button("adjust", w("adjust"), unseen)}${button("compare-on", w("compare"), `aria-pressed="false" ${unseen}`)}${button("zoom-on", w("zoom"), `aria-pressed="false" ${unseen}`)}${button("other", w("other"), unseen)}</div>
<div class="dot-kit__crop" data-dot="crop" hidden><label class="dot-kit__zoom"><span>${w("crop_zoom")}</span><input type="range" data-dot="crop-zoom" form="dot-kit-none" min="1" max="4" step="0.05" value="1"></label>
<div class="dot-kit__row">${arrow("left", "←")}${arrow("right", "→")}${arrow("up", "↑")}${arrow("down", "↓")}${button("crop-turn", w("crop_turn"))}${button("crop-cancel", w("crop_cancel"))}${button("crop-apply", w("crop_apply"), `class="dot-kit__main"`)}</div></div></div>
<div class="dot-kit__messages"><p class="dot-kit__error" id="kit-error" data-dot="error" role="alert"></p><p class="dot-kit__status" data-dot="status" role="status" aria-live="polite" tabindex="-1"></p><progress class="dot-kit__progress" data-dot="progress" max="1" aria-label="${w("progress")}" ${unseen}></progress><p class="dot-kit__note" id="kit-note" data-dot="note" aria-live="polite"></p><div class="dot-kit__row">${button("retry", w("retry"), "hidden")}${button("cancel", w("cancel"), "hidden")}</div></div>
<fieldset class="dot-kit__choice"><legend class="dot-kit__legend" data-dot="looks-title" tabindex="-1">${w("looks_title")}</legend><div class="dot-kit__looks" data-dot="looks"><figure class="dot-kit__card"><span class="dot-kit__thumb"><img data-dot="photo-small" alt="" width="160" height="200" hidden></span><figcaption>${w("photo_small")}</figcaption></figure></div>
<template data-dot="look-template"><label class="dot-kit__card" data-look data-empty><input type="radio" data-dot="look" form="dot-kit-none" disabled><span class="dot-kit__thumb"><img data-dot="look-image" alt="" width="160" height="200"></span><span data-dot="label"></span></label></template></fieldset>
<p class="dot-kit__add-state" data-dot="add-state" data-value="missing" aria-live="polite"></p>
<div class="dot-kit__own" data-dot="own" data-always>${button("add", "%button%", `class="dot-kit__main" aria-describedby="kit-error"`)}</div>
<div class="dot-kit__privacy"><p>${w("privacy")}</p><p data-dot="days" ${unseen}></p>${button("delete", w("delete"), `class="dot-kit__link" hidden`)}</div>
</section></dot-kit>`;
}
