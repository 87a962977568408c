// A shopper has chosen a look: the cart gets one opaque reference.
import type { ActionFunctionArgs } from "@remix-run/node";
import { select } from "../previews/preview-answers.server.ts";
import { readProxy, refuse } from "../previews/proxy-door.server.ts";
import { world } from "../world.server.ts";

/** Choices are posted; nobody can list them. */
export function loader(): Response {
  return refuse("bad_request", 405);
}

export async function action({ request }: ActionFunctionArgs): Promise<Response> {
  if (request.method !== "POST") return loader();
  const { db } = await world();
  return select(db, await readProxy(db, request), request);
}
