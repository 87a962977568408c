// A merchant's HTML as text: no tags, no scripts, nothing lost. Pure; nothing is ever cut.
import { oneLine } from "./text.ts";

// Elements whose content is no text, and those that begin a line of their own.
const silent = new Set(["script", "style", "template", "noscript", "iframe", "svg", "head", "object"]);
const block = new Set(
  "address article aside blockquote br dd div dl dt figure footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul".split(
    " ",
  ),
);

const named: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amp: "&",
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
    nbsp: " ",
    ensp: " ",
    emsp: " ",
    thinsp: " ",
    shy: "",
    zwnj: "",
    zwj: "",
    ndash: "–",
    mdash: "—",
    hellip: "…",
    lsquo: "‘",
    rsquo: "’",
    ldquo: "“",
    rdquo: "”",
    laquo: "«",
    raquo: "»",
    bull: "•",
    middot: "·",
    deg: "°",
    times: "×",
    frac12: "½",
    copy: "©",
    reg: "®",
    trade: "™",
    euro: "€",
    pound: "£",
    eacute: "é",
    egrave: "è",
    agrave: "à",
    ccedil: "ç",
    aring: "å",
    Aring: "Å",
    aelig: "æ",
    AElig: "Æ",
    oslash: "ø",
    Oslash: "Ø",
    auml: "ä",
    ouml: "ö",
    uuml: "ü",
    Auml: "Ä",
    Ouml: "Ö",
    Uuml: "Ü",
    szlig: "ß",
    ntilde: "ñ",
  }),
);

/**
 * The text of an HTML description, one line for each block. Read from left to right once: an expression over the
 * whole would take minutes for what a broken paste can look like.
 */
export function toPlainText(html: string): string {
  const pieces: string[] = [];
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    pieces.push(decoded(html.slice(at, open < 0 ? html.length : open)));
    if (open < 0) break;
    const next = html[open + 1] ?? "";
    if (html.startsWith("<!--", open)) at = behindComment(html, open + 4);
    else if (!/[A-Za-z/!?]/.test(next)) {
      pieces.push("<");
      at = open + 1;
    } else at = passTag(html, open, pieces);
  }
  return tidied(pieces.join(""));
}

/** Pushes what a tag means for the text and answers where the text goes on. */
function passTag(html: string, open: number, pieces: string[]): number {
  const end = endOfTag(html, open);
  const [, slash = "", name = ""] = /^<(\/?)([A-Za-z][A-Za-z0-9]*)/.exec(html.slice(open, open + 40)) ?? [];
  const tag = name.toLowerCase();
  if (slash === "" && silent.has(tag)) return behindClosing(html, tag, end);
  if (block.has(tag)) pieces.push(tag === "li" && slash === "" ? "\n- " : "\n");
  else if (tag === "td" || tag === "th") pieces.push(" ");
  return end;
}

// A ">" inside a quoted attribute does not end the tag.
function endOfTag(html: string, open: number): number {
  let quote = "";
  for (let at = open + 1; at < html.length; at++) {
    const sign = html[at] ?? "";
    if (quote !== "") {
      if (sign === quote) quote = "";
    } else if (sign === ">") return at + 1;
    else if ((sign === '"' || sign === "'") && html[at - 1] === "=") quote = sign;
  }
  return html.length;
}

/** Behind the next "-->"; the end when there is none. */
function behindComment(html: string, from: number): number {
  const found = html.indexOf("-->", from);
  return found < 0 ? html.length : found + 3;
}

/** Behind the next closing tag of that name; the end when there is none. */
function behindClosing(html: string, tag: string, from: number): number {
  const found = html.slice(from).search(new RegExp(`</${tag}`, "i"));
  return found < 0 ? html.length : endOfTag(html, from + found);
}

function decoded(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,9}));/g,
    (all, ...found) => {
      const [decimal, hex, name] = found as (string | undefined)[];
      if (name !== undefined) return named.get(name) ?? all;
      const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex ?? "", 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
    },
  );
}

// Between blocks one empty line, between the items of a list none.
function tidied(text: string): string {
  const lines: string[] = [];
  for (const raw of text.split("\n")) {
    const line = oneLine(raw) ?? "";
    const last = lines.at(-1) ?? "";
    if (line === "-" || (line === "" && last === "")) continue;
    if (line.startsWith("- ") && last === "" && (lines.at(-2) ?? "").startsWith("- ")) lines.pop();
    lines.push(line);
  }
  return lines.join("\n").trim();
}
