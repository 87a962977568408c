// A shopper's page asks for a preview.
import type { ActionFunctionArgs } from "@remix-run/node";
import { startPreview } from "../previews/preview-answers.server.ts";
import { readProxy, refuse } from "../previews/proxy-door.server.ts";
import { world } from "../world.server.ts";

/** Previews are asked for by POST; there is no list of them. */
export function loader(): Response {
  return refuse("bad_request", 405);
}

export async function action({ request }: ActionFunctionArgs): Promise<Response> {
  if (request.method !== "POST") return loader();
  const { db, wake } = await world();
  return startPreview({ db, wake }, await readProxy(db, request), request);
}
