// A photo comes in through the shop's proxy.
import type { ActionFunctionArgs } from "@remix-run/node";
import { readProxy, refuse } from "../previews/proxy-door.server.ts";
import { takeUpload } from "../previews/upload.server.ts";
import { world } from "../world.server.ts";

/** Photos are posted; there is no list of them. */
export function loader(): Response {
  return refuse("bad_request", 405);
}

export async function action({ request }: ActionFunctionArgs): Promise<Response> {
  if (request.method !== "POST") return loader();
  const { db, wake } = await world();
  return takeUpload({ db, wake }, { visitor: await readProxy(db, request), request });
}
