// A vendor's callback: checked, kept, and then answered. The work is the worker's.
import type { ActionFunctionArgs } from "@remix-run/node";
import { findCallbackConnection, maxCallbackBytes, takeCallback } from "../callbacks.server.ts";
import { isAway } from "../db.server.ts";
import { log } from "../log.server.ts";
import { world } from "../world.server.ts";

/** Vendors post; whoever looks with a browser learns nothing. */
export function loader(): Response {
  return new Response(null, { status: 405, headers: { allow: "POST" } });
}

export async function action({ request, params }: ActionFunctionArgs): Promise<Response> {
  if (request.method !== "POST") return loader();
  const address = { vendorId: params["vendor"] ?? "", connectionId: params["connection"] ?? "" };
  const here = await world();
  try {
    const open = await findCallbackConnection(here, address);
    if (!open) return new Response(null, { status: 404 });
    const body = await readCapped(request);
    if (body === undefined) return new Response(null, { status: 413 });
    const headers = Object.fromEntries(request.headers);
    const contentType = headers["content-type"] ?? "";
    const status = await takeCallback(here, open, { headers, contentType, body, now: new Date() });
    return new Response(null, { status });
  } catch (error) {
    const away = isAway(error);
    log[away ? "warn" : "error"]({ err: error, ...address }, "callback.failed");
    return new Response(null, { status: away ? 503 : 500 });
  }
}

// As text with its byte order mark, if it has one: the signature is over every byte.
async function readCapped(request: Request): Promise<string | undefined> {
  if (Number(request.headers.get("content-length") ?? "0") > maxCallbackBytes) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let read = await reader?.read(); read?.value; read = await reader?.read()) {
    size += read.value.byteLength;
    if (size > maxCallbackBytes) return undefined;
    chunks.push(read.value);
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.concat(chunks, size));
}
