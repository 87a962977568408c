// The page behind an editor's link: where a shopper would design, here a choice of what the design becomes.
import type { Editor } from "./whcc-editors.ts";
import { makes } from "./whcc-makes.ts";

/** The whole page. `session` lets its form finish the editor once. */
export function editorPage(editor: Editor, session: string): string {
  const choices = makes
    .filter(({ productId }) => productId === editor.productId)
    .map(
      (make) =>
        `<label><input type="radio" name="make" value="${escaped(make.id)}"${make.id === editor.make.id ? " checked" : ""}> ${escaped(make.description)}</label>`,
    )
    .join("");
  return page(
    "Your design",
    `<form method="post" action="/editor/${escaped(editor.id)}/finish">
<img src="/s3/uploads/${escaped(editor.id)}/${escaped(editor.make.id)}-1.jpg" alt="Your design" width="128" height="128">
<input type="hidden" name="session" value="${escaped(session)}">
<fieldset><legend>What it becomes</legend>${choices}</fieldset>
<label>Quantity <input type="number" name="quantity" min="1" value="${editor.quantity}"></label>
<p><button>${escaped(editor.redirects.complete.text)}</button> <a href="${escaped(editor.redirects.cancel.url)}">${escaped(editor.redirects.cancel.text)}</a></p>
</form>`,
  );
}

export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} (stand-in)</title><link rel="icon" href="data:,">
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}label{display:block;margin:.4rem 0}img{border-radius:8px}button{font:inherit;padding:.3rem .9rem;cursor:pointer}table{border-collapse:collapse}td,th{text-align:left;padding:.3rem 1rem .3rem 0;vertical-align:top}</style>
</head><body><h1>${escaped(title)}</h1>${body}</body></html>`;
}

export const usedLinkPage = page(
  "This link was used already",
  "<p>An editor's link works once. Ask the shop for a new one.</p>",
);

export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
