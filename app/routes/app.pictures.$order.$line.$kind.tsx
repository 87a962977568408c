// One picture of an order line, for the merchant who is logged in. Fetched by the page itself, which carries the
// session; an address alone shows nobody anything.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { authenticate } from "../shopify.server.ts";
import { fileHeaders, sayNo } from "../ui/file-answer.server.ts";
import { pictureKinds, readOrderPicture } from "../ui/order-pictures.server.ts";

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export async function loader({ request, params }: LoaderFunctionArgs): Promise<Response> {
  const { session, sessionToken } = await authenticate.admin(request);
  const { order = "", line = "" } = params;
  const kind = pictureKinds.find((each) => each === params["kind"]);
  if (!uuid.test(order) || !kind) return sayNo("There is no such picture.");
  const { shop } = session;
  const user = sessionToken.sub;
  const picture = await readOrderPicture({ shop, orderId: order, lineId: line, kind, user });
  if ("refused" in picture) return sayNo(picture.refused);
  const headers = fileHeaders({ name: picture.name, size: picture.bytes.byteLength });
  // Painted anew by us, so it is what its type says; the page shows it and saves it from the same answer.
  headers.set("content-type", picture.contentType);
  return new Response(new Uint8Array(picture.bytes), { headers });
}
