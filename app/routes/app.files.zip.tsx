// The files of the chosen orders as one archive. Posted, because the choice may be long: `ids`, one field for each.
import type { ActionFunctionArgs } from "@remix-run/node";
import { authenticate } from "../shopify.server.ts";
import { fileHeaders, sayNo } from "../ui/file-answer.server.ts";
import { zipFiles } from "../vendors/files.server.ts";
import { world } from "../world.server.ts";

export async function action({ request }: ActionFunctionArgs): Promise<Response> {
  const { session } = await authenticate.admin(request);
  const form = await request.formData();
  const archive = await zipFiles(await world(), {
    shop: session.shop,
    vendorOrderIds: form.getAll("ids").map(String),
    now: new Date(),
    signal: request.signal,
  });
  if ("refused" in archive) return sayNo(archive.refused);
  return new Response(archive.body, { headers: fileHeaders({ name: archive.name, size: undefined }) });
}
