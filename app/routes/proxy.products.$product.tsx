// What of a product is made from photos, for the page that shows it.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { answerProduct } from "../previews/preview-answers.server.ts";
import { readProxy } from "../previews/proxy-door.server.ts";
import { world } from "../world.server.ts";

export async function loader({ request, params }: LoaderFunctionArgs): Promise<Response> {
  const { db } = await world();
  const variantId = new URL(request.url).searchParams.get("variant");
  return answerProduct(db, await readProxy(db, request), { productId: params["product"] ?? "", variantId });
}
