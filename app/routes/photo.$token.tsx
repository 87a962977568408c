// The page of an order line that was bought without a photo.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { answerLinkPage } from "../previews/photo-page.server.ts";
import { world } from "../world.server.ts";

export async function loader({ request, params }: LoaderFunctionArgs): Promise<Response> {
  const { db } = await world();
  return answerLinkPage(db, { token: params["token"] ?? "", request });
}
