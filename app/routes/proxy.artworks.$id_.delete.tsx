// "Delete my photo".
import type { ActionFunctionArgs } from "@remix-run/node";
import { deleteArtwork } from "../previews/artwork-answers.server.ts";
import { readProxy, refuse } from "../previews/proxy-door.server.ts";
import { world } from "../world.server.ts";

/** Looking at the address deletes nothing. */
export function loader(): Response {
  return refuse("bad_request", 405);
}

export async function action({ request, params }: ActionFunctionArgs): Promise<Response> {
  if (request.method !== "POST") return loader();
  const { db } = await world();
  return deleteArtwork(db, await readProxy(db, request), { id: params["id"] ?? "", request });
}
