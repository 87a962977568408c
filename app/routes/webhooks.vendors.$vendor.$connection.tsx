// A vendor's callback: checked, kept, and then answered. The work is the worker's.
import type { ActionFunctionArgs } from "@remix-run/node";
import { answerCallback } from "../callbacks.server.ts";
import { world } from "../world.server.ts";

/** Vendors post; whoever looks with a browser learns nothing. */
export function loader(): Response {
  return new Response(null, { status: 405, headers: { allow: "POST" } });
}

export async function action({ request, params }: ActionFunctionArgs): Promise<Response> {
  if (request.method !== "POST") return loader();
  const address = { vendorId: params["vendor"] ?? "", connectionId: params["connection"] ?? "" };
  return answerCallback(await world(), address, request);
}
