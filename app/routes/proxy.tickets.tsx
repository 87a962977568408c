// Leave to upload directly, for a browser whose shop's proxy does not let a photo through.
import type { ActionFunctionArgs } from "@remix-run/node";
import { readProxy, refuse } from "../previews/proxy-door.server.ts";
import { giveTicket } from "../previews/upload.server.ts";
import { world } from "../world.server.ts";

/** A ticket is asked for by POST: it counts. */
export function loader(): Response {
  return refuse("bad_request", 405);
}

export async function action({ request }: ActionFunctionArgs): Promise<Response> {
  if (request.method !== "POST") return loader();
  const { db, wake } = await world();
  return giveTicket({ db, wake }, { visitor: await readProxy(db, request), request });
}
