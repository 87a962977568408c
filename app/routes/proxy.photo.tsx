// The widget on a page of its own, within the shop: for product pages that run no script.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { env } from "../env.server.ts";
import { languageOf } from "../previews/page-words.server.ts";
import { notOfferedPage, previewPage } from "../previews/preview-page.server.ts";
import { readProxy } from "../previews/proxy-door.server.ts";
import { offeredVariant } from "../previews/sizes.server.ts";
import { world } from "../world.server.ts";

export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  const { db } = await world();
  const { shop, base } = await readProxy(db, request);
  const language = languageOf(request.headers.get("accept-language"));
  const variantId = new URL(request.url).searchParams.get("variant") ?? "";
  const offer = /^\d{1,20}$/.test(variantId) ? await offeredVariant(db, { shop, variantId }) : undefined;
  if (!offer) return notOfferedPage(language);
  const assets = env.SHOPIFY_APP_URL.replace(/\/+$/, "");
  return previewPage({ language, base, assets, productId: offer.productId ?? "", variantId });
}
