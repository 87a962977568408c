// A shopper's picture for the vendor that makes it: only by a signed link that is still good, never by a guess.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { findArtworkFile, isGoodLink } from "../previews/artwork.server.ts";
import { world } from "../world.server.ts";

export const loader = async ({ request, params }: LoaderFunctionArgs): Promise<Response> => {
  const gone = new Response("This link is not good any more.", { status: 404 });
  if (!isGoodLink(new URL(request.url))) return gone;
  const file = await findArtworkFile((await world()).db, params["id"] ?? "");
  if (!file) return gone;
  return new Response(new Uint8Array(file.bytes), {
    headers: {
      "content-type": file.contentType,
      "content-disposition": "attachment",
      "x-content-type-options": "nosniff",
      "cache-control": "private, no-store",
    },
  });
};
