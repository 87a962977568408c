// A shopper's picture for the vendor that makes it: only by a signed link that is still good, never by a guess.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { findArtworkFile, isGoodLink } from "../previews/artwork.server.ts";
import { world } from "../world.server.ts";

export const loader = async ({ request, params }: LoaderFunctionArgs): Promise<Response> => {
  if (!isGoodLink(new URL(request.url)))
    return new Response("This link is not good any more.", { status: 403 });
  const file = await findArtworkFile((await world()).db, params["id"] ?? "");
  if (!file) return new Response("This picture is not kept any more.", { status: 404 });
  return new Response(new Uint8Array(file.bytes), {
    headers: {
      "content-type": file.contentType,
      "content-disposition": "attachment",
      "cache-control": "private, no-store",
    },
  });
};
