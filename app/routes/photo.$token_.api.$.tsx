// The widget's calls on the page of an order line's link.
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { answerLinkCall } from "../previews/selection-api.server.ts";
import { world } from "../world.server.ts";

export async function loader({ request, params }: LoaderFunctionArgs): Promise<Response> {
  const { db, wake } = await world();
  return answerLinkCall({ db, wake }, { token: params["token"] ?? "", rest: params["*"] ?? "" }, request);
}

export function action(given: ActionFunctionArgs): Promise<Response> {
  return loader(given);
}
