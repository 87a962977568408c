// The page behind the link of an order line that was bought without a photo.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { languageOf, overPage, previewPage } from "../previews/preview-page.server.ts";
import { noteOpened, openPhotoLink } from "../previews/selection-link.server.ts";
import { world } from "../world.server.ts";

export async function loader({ request, params }: LoaderFunctionArgs): Promise<Response> {
  const { db } = await world();
  const { token = "" } = params;
  const language = languageOf(request.headers.get("accept-language"));
  const link = await openPhotoLink(db, token);
  if (!link || link === "expired") return overPage(language);
  await noteOpened(db, link);
  const { productId, variantId, title } = link;
  const base = `/photo/${token}/api`;
  return previewPage({ language, base, assets: "", productId, variantId, mode: "page", heading: title });
}
