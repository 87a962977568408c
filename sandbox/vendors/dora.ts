// The stand-in for Dora (rings to the customer's measure): one cart per login, bought whole, remembered by nobody
// but the ledger. Source: Dora API v2, read 2026-11-22.
import { createCarts } from "./dora-cart.ts";
import {
  cmsCollections,
  requestProduct,
  searchProducts,
  showPdf,
  showProduct,
  submitContact,
  type MailTrouble,
} from "./dora-forms.ts";
import { searchItems, showCollections, showItem } from "./dora-items.ts";
import { countryOf, createLogins, defaultUsers, notAuthenticated, type DoraUser } from "./dora-login.ts";
import { tinyPng } from "./pictures.ts";
import {
  json,
  openDoor,
  standBehind,
  type Call,
  type LedgerEntry,
  type Problem,
  type Reply,
  type Route,
  type StandIn,
} from "./stand-in.ts";

export type { DoraUser } from "./dora-login.ts";

export interface DoraOptions {
  port?: number;
  /** Default: dealer (DE), dealer-us (US) and browse (may not buy), all with the password dora_demo. */
  users?: DoraUser[];
  now?: () => Date;
}

export interface DoraStandIn extends StandIn {
  /** Both forms answer that their e-mail could not be sent, with these details, until `reset`. */
  failMail(details: string): void;
}

/** Starts Dora on loopback. */
export async function startDora(options: DoraOptions = {}): Promise<DoraStandIn> {
  const { users = defaultUsers, now = () => new Date() } = options;
  const door = await openDoor(options.port);
  const { url } = door;
  const ledger: LedgerEntry[] = [];
  const logins = createLogins({ users, now });
  const { as } = logins;
  const carts = createCarts({ now, ledger, as });
  let mailTrouble: MailTrouble;
  const where = (user: DoraUser) => ({ country: countryOf(user), url });

  const routes: Route[] = [
    ...logins.routes,
    ...carts.routes,
    { method: "GET", path: "/catalog/collections", answer: () => showCollections(url) },
    {
      method: "POST",
      path: "/catalog/items",
      answer: as((user, call) => searchItems(call.body, where(user))),
    },
    {
      method: "POST",
      path: "/catalog/item",
      answer: as((user, call) => showItem(call.body, countryOf(user))),
    },
    { method: "POST", path: "/catalog/pdf", answer: as((user, call) => showPdf(call.body, countryOf(user))) },
    { method: "POST", path: "/directus/collections", answer: (call) => cmsCollections(call.body) },
    {
      method: "POST",
      path: "/product/items",
      answer: as((user, call) => searchProducts(call.body, where(user))),
    },
    { method: "GET", path: "/product/item", answer: as((user) => showProduct(undefined, where(user))) },
    {
      method: "GET",
      path: "/product/item/*",
      answer: as((user, call) => showProduct(call.params[0], where(user))),
    },
    {
      method: "POST",
      path: "/product/request",
      takes: "form",
      answer: (call) => requestProduct(call.form ?? new FormData(), mailTrouble),
    },
    { method: "POST", path: "/contact/submit", answer: (call) => submitContact(call.body, mailTrouble) },
    { method: "GET", path: "/media/*", aside: true, answer: picture },
  ];

  const standIn = standBehind(door, {
    id: "dora",
    name: "Dora",
    about: "Makes rings to measure; one cart per dealer.",
    routes,
    ledger,
    admit: logins.admit,
    complain,
    unknownPath: () => json(404, { error: { message: "Not found" } }),
    reset() {
      carts.reset();
      mailTrouble = undefined;
    },
  });
  return { ...standIn, failMail: (details) => void (mailTrouble = details) };
}

function picture(call: Call): Reply {
  const seed = (call.params[0] ?? "").replace(/\.png$/, "");
  return { status: 200, bytes: tinyPng(seed, 400), type: "image/png" };
}

/** The cart says {"error": "…"}, everything else {"error": {"message": "…"}}; both are in the document. */
function complain({ status, text, method, path }: Problem): Reply {
  if (status === 401) return notAuthenticated;
  const badRequest = status === 400 || status === 415;
  const said = badRequest ? "Invalid request format" : text;
  if (path !== "/cart") return json(badRequest ? 400 : status, { error: { message: said } });
  if (status === 500)
    return json(500, { error: method === "POST" ? "Failed to create order" : "Failed to save cart" });
  return json(badRequest ? 400 : status, { error: said });
}
