// A photo comes in directly, past the shop's proxy: with a ticket, from a storefront, without cookies.
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { refuse } from "../previews/proxy-door.server.ts";
import { answerPreflight, takeDirectUpload } from "../previews/upload.server.ts";
import { world } from "../world.server.ts";

/** The browser's question whether it may; anything else that is not a photo learns nothing. */
export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  return request.method === "OPTIONS" ? answerPreflight(await world(), request) : refuse("bad_request", 405);
}

export async function action({ request }: ActionFunctionArgs): Promise<Response> {
  if (request.method !== "POST") return refuse("bad_request", 405);
  return takeDirectUpload(await world(), request);
}
