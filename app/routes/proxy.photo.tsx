// The widget on a page of its own, within the shop: for product pages that run no script.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { env } from "../env.server.ts";
import { languageOf } from "../previews/page-words.server.ts";
import { notOfferedPage, previewPage } from "../previews/preview-page.server.ts";
import { readProxy, shopifyNumber } from "../previews/proxy-door.server.ts";
import { nameOfShop } from "../previews/shop-name.server.ts";
import { offeredVariant } from "../previews/sizes.server.ts";
import { world } from "../world.server.ts";

export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  const { db } = await world();
  const { shop, base } = await readProxy(db, request);
  const language = languageOf(request.headers.get("accept-language"));
  const { searchParams } = new URL(request.url);
  const number = (name: string) => shopifyNumber.safeParse(searchParams.get(name)).data;
  const variantId = number("variant");
  const offer = variantId === undefined ? undefined : await offeredVariant(db, { shop, variantId });
  // A Mapping made by hand may not know its product: then the product page that led here says which it is.
  const productId = offer?.productId ?? number("product");
  if (variantId === undefined || !offer || productId === undefined) return notOfferedPage(language);
  const assets = env.SHOPIFY_APP_URL.replace(/\/+$/, "");
  return previewPage({ language, base, assets, productId, variantId, shop: await nameOfShop(db, shop) });
}
