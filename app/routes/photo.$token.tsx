// The page behind the link of an order line that was bought without a photo.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { languageOf } from "../previews/page-words.server.ts";
import { closedPage, previewPage } from "../previews/preview-page.server.ts";
import { noteOpened, readPhotoLink } from "../previews/selection-link.server.ts";
import { nameOfShop } from "../previews/shop-name.server.ts";
import { offeredVariant } from "../previews/sizes.server.ts";
import { world } from "../world.server.ts";

export async function loader({ request, params }: LoaderFunctionArgs): Promise<Response> {
  const { db } = await world();
  const { token = "" } = params;
  const language = languageOf(request.headers.get("accept-language"));
  const link = await readPhotoLink(db, token);
  if (!link) return closedPage(language, { why: "broken" });
  const { variantId, title, variantTitle, quantity, keepOrdered, state } = link;
  const shop = await nameOfShop(db, link.shop);
  if (state !== "open") return closedPage(language, { why: state, shop });
  await noteOpened(db, link);
  const offer = await offeredVariant(db, { shop: link.shop, variantId });
  if (!offer) return closedPage(language, { why: "unoffered", shop });
  // What is painted, the paid variant decides. An order line may know no product, or one that the Mapping does not; and
  // a Mapping made by hand may know none either: then the calls, which want a number, are given none of any product.
  const productId = offer.productId ?? (/[1-9]/.test(link.productId) ? link.productId : "0");
  const line = { title, variantTitle, quantity, keepOrdered };
  return previewPage({ language, base: `/photo/${token}/api`, assets: "", productId, variantId, shop, line });
}
