// The widget's calls behind the link of an order line: the same answers as through the shop's proxy, for one line only.
import type { World } from "../world.server.ts";
import { answerArtwork, answerPicture, deleteArtwork } from "./artwork-answers.server.ts";
import { answerPreview, answerProduct, startPreview } from "./preview-answers.server.ts";
import { refuse } from "./proxy-door.server.ts";
import { answerChosenAgain, readPhotoLink, selectForLine, visitorOf } from "./selection-link.server.ts";
import { giveTicket, takeUpload } from "./upload.server.ts";

/** Answers one call. `rest` is what stands behind "/api/". */
export async function answerLinkCall(
  { db, wake }: Pick<World, "db" | "wake">,
  { token, rest }: { token: string; rest: string },
  request: Request,
): Promise<Response> {
  const link = await readPhotoLink(db, token);
  if (!link || link.state === "over") throw refuse("expired", 410);
  const visitor = visitorOf(link, token, request);
  const world = { db, wake };
  const [what = "", id = "", more = ""] = rest.split("/");
  const browser = new URL(request.url).searchParams.get("browser");
  if (link.state === "used" && `${request.method} ${rest}` === "POST selections")
    return answerChosenAgain(db, { link, visitor }, request);
  // A picture's link is signed by itself and short-lived: the page that sent the choice still shows it.
  if (link.state === "used" && what !== "uploads") throw refuse("expired", 410);
  switch (`${request.method} ${what}${id === "" ? "" : "/:id"}${more === "" ? "" : `/${more}`}`) {
    case "POST artworks":
      return takeUpload(world, { visitor, request });
    case "POST tickets":
      return giveTicket(world, { visitor, request });
    case "GET artworks/:id":
      return answerArtwork(db, visitor, { id, browser });
    case "POST artworks/:id/delete":
      return deleteArtwork(db, visitor, { id, request });
    case "POST previews":
      return startPreview(world, visitor, request);
    case "GET previews/:id":
      return answerPreview(db, visitor, { id, browser });
    case "POST selections":
      return selectForLine(world, { link, visitor }, request);
    case "GET products/:id":
      return answerProduct(db, visitor, { productId: id, variantId: link.variantId, isOrdered: true });
    case "GET uploads/:id/photo.webp":
      return answerPicture(visitor, id);
    default:
      throw refuse("bad_request", 404);
  }
}
