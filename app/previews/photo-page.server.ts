// Which page a shopper gets on our own host: the widget for an order line's link, the widget for a product page whose
// script does not run, or a sentence why there is none.
import type { Db } from "../db.server.ts";
import { env } from "../env.server.ts";
import { languageOf } from "./page-words.server.ts";
import { closedPage, notOfferedPage, previewPage } from "./preview-page.server.ts";
import { readProxy, shopifyNumber } from "./proxy-door.server.ts";
import { noteOpened, readPhotoLink } from "./selection-link.server.ts";
import { nameOfShop } from "./shop-name.server.ts";
import { offeredVariant } from "./sizes.server.ts";

const languageFor = (request: Request): string => languageOf(request.headers.get("accept-language"));

/** GET /photo/:token: the page of an order line that was bought without a photo. */
export async function answerLinkPage(
  db: Db,
  { token, request }: { token: string; request: Request },
): Promise<Response> {
  const language = languageFor(request);
  const link = await readPhotoLink(db, token);
  if (!link) return closedPage(language, { why: "broken" });
  const { variantId, title, variantTitle, quantity, keepOrdered, state } = link;
  const shop = await nameOfShop(db, link.shop);
  if (state !== "open") return closedPage(language, { why: state, shop });
  await noteOpened(db, link);
  const offer = await offeredVariant(db, { shop: link.shop, variantId });
  if (!offer || offer.paused) return closedPage(language, { why: "unoffered", shop });
  // What is painted, the paid variant decides. An order line may know no product, or one that the Mapping does not; a
  // Mapping made by hand may know none either. The widget's calls want a number: then one that no product has.
  const productId = offer.productId ?? (/[1-9]/.test(link.productId) ? link.productId : "0");
  const line = { title, variantTitle, quantity, keepOrdered };
  return previewPage({ language, base: `/photo/${token}/api`, assets: "", productId, variantId, shop, line });
}

/** GET {base}/photo?variant=&product=: the widget within the shop, for product pages that run no script. */
export async function answerShopPage(db: Db, request: Request): Promise<Response> {
  const { shop, base, host } = await readProxy(db, request);
  const language = languageFor(request);
  const { searchParams } = new URL(request.url);
  const number = (name: string): string | undefined => shopifyNumber.safeParse(searchParams.get(name)).data;
  const variantId = number("variant");
  const offer = variantId === undefined ? undefined : await offeredVariant(db, { shop, variantId });
  // A Mapping made by hand may not know its product: then the product page that led here says which it is.
  const productId = offer?.productId ?? number("product");
  if (variantId === undefined || !offer || productId === undefined) return notOfferedPage(language);
  if (offer.paused) return closedPage(language, { why: "unoffered", shop: host });
  const assets = env.SHOPIFY_APP_URL.replace(/\/+$/, "");
  return previewPage({ language, base, assets, productId, variantId, shop: host });
}
