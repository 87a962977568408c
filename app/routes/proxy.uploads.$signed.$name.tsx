// A shopper's picture, by a link that is good for a while and for this shop.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { answerPicture } from "../previews/artwork-answers.server.ts";
import { readProxy } from "../previews/proxy-door.server.ts";
import { world } from "../world.server.ts";

export async function loader({ request, params }: LoaderFunctionArgs): Promise<Response> {
  const visitor = await readProxy((await world()).db, request);
  return answerPicture(visitor, params["signed"] ?? "");
}
