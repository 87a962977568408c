// The widget's markup on a page of our own: the same hooks (data-dot) at the same places as the theme block's snippets
// dot-preview-kit, -stage and -own, which the assets rely on. A test holds the two against each other.

/** A text as HTML has it. */
export const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** What one widget is for, and what it says. */
export interface Kit {
  productId: string;
  variantId: string;
  /** Where its calls go. */
  base: string;
  /** Where its files lie: "" on our own host. */
  assets: string;
  /** The theme block's words, by their key in the locale's "kit". */
  words: Record<string, string>;
  /** The JSON that the assets read, as text. */
  data: string;
}

const unseen = `style="visibility: hidden"`;

/** The widget with its data. Pure. */
export function kitHtml({ productId, variantId, base, assets, words, data }: Kit): string {
  const w = (key: string): string => escape(words[key] ?? "");
  // Behind the proxy only the widget learns how many they are.
  const areDaysKnown = !w("privacy_days").includes("{{");
  return `<dot-kit id="kit" class="dot-kit" data-state="empty" data-product="${escape(productId)}" data-variant="${escape(variantId)}" data-proxy="${escape(base)}" data-studio="${escape(assets)}/photo/assets/dot-preview-studio.js">
<script type="application/json" data-dot="data">${data.replace(/</g, "\\u003c")}</script>
<section class="dot-kit__all" aria-label="${w("heading")}">
<ol class="dot-kit__steps" data-dot="steps"><li aria-current="step">${w("step_photo")}</li><li>${w("step_look")}</li><li>${w("step_cart")}</li></ol>
<div class="dot-kit__work">${stage(w)}
<div class="dot-kit__messages"><p class="dot-kit__error" id="kit-error" data-dot="error" role="alert"></p>
<div class="dot-kit__told"><progress data-dot="progress" max="1" aria-label="${w("progress")}" ${unseen}></progress><p data-dot="status" role="status" aria-live="polite" tabindex="-1"></p><p data-dot="note" aria-live="polite"></p></div></div></div>
<fieldset class="dot-kit__choice"><legend class="dot-kit__legend" data-dot="looks-title" tabindex="-1">${w("looks_title")}</legend>
<div class="dot-kit__looks" data-dot="looks"><figure class="dot-kit__card"><span class="dot-kit__thumb"><img data-dot="photo-small" alt="" width="160" height="200" hidden></span><figcaption>${w("photo_small")}</figcaption></figure>${place.repeat(2)}</div>
<template data-dot="look-template"><label class="dot-kit__card" data-look data-empty><input type="radio" data-dot="look" form="dot-kit-none" disabled><span class="dot-kit__thumb"><img data-dot="look-image" alt="" width="160" height="200"></span><span data-dot="label"></span></label></template></fieldset>
<p class="dot-kit__add-state" data-dot="add-state" data-value="missing" aria-live="polite">${w("add_missing")}</p>
<div class="dot-kit__own" data-dot="own" data-always><button type="button" class="dot-kit__main" data-dot="add" aria-disabled="true" aria-describedby="kit-error">${w("add")}</button></div>
<div class="dot-kit__privacy"><p>${w("privacy")}</p><p data-dot="days" ${areDaysKnown ? "" : unseen}>${w("privacy_days")}</p><button type="button" class="dot-kit__link" data-dot="delete" ${unseen}>${w("delete")}</button></div>
</section></dot-kit>`;
}

// Kept free for the looks, so that nothing moves when they come.
const place = `<div class="dot-kit__card" data-look data-empty aria-hidden="true"><span class="dot-kit__thumb"></span><span>&nbsp;</span></div>`;

function stage(w: (key: string) => string): string {
  const tool = (hook: string, key: string, more = ""): string =>
    `<button type="button" data-dot="${hook}" ${more}${unseen}>${w(key)}</button>`;
  const act = (hook: string, key: string, more = ""): string =>
    `<button type="button" data-dot="crop-${hook}"${more}>${w(key)}</button>`;
  const arrow = (hook: string, sign: string): string =>
    `<button type="button" data-dot="crop-${hook}" aria-label="${w(`crop_${hook}`)}">${sign}</button>`;
  return `<div class="dot-kit__stage" data-dot="stage">
<label class="dot-kit__drop" data-dot="drop"><input type="file" data-dot="input" form="dot-kit-none" accept="image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif" aria-describedby="kit-hint kit-error"><strong>${w("add_photo")}</strong><span id="kit-hint">${w("add_photo_hint")}</span></label>
<div class="dot-kit__frame" data-dot="frame" role="group" aria-label="${w("zoom_frame")}" hidden><img data-dot="photo" alt="${w("photo_alt")}" width="960" height="1200" draggable="false"><img data-dot="large" alt="" width="960" height="1200" draggable="false" hidden></div>
<input type="range" class="dot-kit__compare" data-dot="compare" form="dot-kit-none" min="0" max="100" value="50" aria-label="${w("compare_slider")}" hidden></div>
<div class="dot-kit__bar"><div class="dot-kit__row">${tool("other", "other")}${tool("adjust", "adjust")}<span class="dot-kit__either">${tool("compare-on", "compare", `aria-pressed="false" `)}${tool("retry", "retry")}</span>${tool("zoom-on", "zoom", `aria-pressed="false" `)}</div>
<div class="dot-kit__row">${tool("cancel", "cancel")}</div>
<div class="dot-kit__crop" data-dot="crop" hidden><label class="dot-kit__zoom"><span>${w("crop_zoom")}</span><input type="range" data-dot="crop-zoom" form="dot-kit-none" min="1" max="4" step="0.05" value="1"></label>
<div class="dot-kit__row">${arrow("left", "←")}${arrow("right", "→")}${arrow("up", "↑")}${arrow("down", "↓")}${act("turn", "crop_turn")}${act("cancel", "crop_cancel")}${act("apply", "crop_apply", ` class="dot-kit__main"`)}</div></div></div>`;
}
