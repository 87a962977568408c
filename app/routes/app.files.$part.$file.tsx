// One file that a vendor made for a part of an order, passed on to the merchant who is logged in.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { authenticate } from "../shopify.server.ts";
import { fileHeaders, sayNo } from "../ui/file-answer.server.ts";
import { openFile } from "../vendors/files.server.ts";
import { world } from "../world.server.ts";

export async function loader({ request, params }: LoaderFunctionArgs): Promise<Response> {
  const { session } = await authenticate.admin(request);
  const { shop } = session;
  const which = {
    shop,
    vendorOrderId: params["part"] ?? "",
    name: params["file"] ?? "",
    signal: request.signal,
  };
  const file = await openFile(await world(), which);
  if ("refused" in file) return sayNo(file.refused);
  return new Response(file.body, { headers: fileHeaders(file) });
}
