// The widget on a page of its own, within the shop: for product pages that run no script.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { answerShopPage } from "../previews/photo-page.server.ts";
import { world } from "../world.server.ts";

export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  const { db } = await world();
  return answerShopPage(db, request);
}
