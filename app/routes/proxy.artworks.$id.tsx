// How far a photo is, for the browser that sent it.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { answerArtwork } from "../previews/artwork-answers.server.ts";
import { readProxy } from "../previews/proxy-door.server.ts";
import { world } from "../world.server.ts";

export async function loader({ request, params }: LoaderFunctionArgs): Promise<Response> {
  const { db } = await world();
  const browser = new URL(request.url).searchParams.get("browser");
  return answerArtwork(db, await readProxy(db, request), { id: params["id"] ?? "", browser });
}
