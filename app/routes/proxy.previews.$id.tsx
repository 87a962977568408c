// How far a preview is, for the browser that asked for it.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { answerPreview } from "../previews/preview-answers.server.ts";
import { readProxy } from "../previews/proxy-door.server.ts";
import { world } from "../world.server.ts";

export async function loader({ request, params }: LoaderFunctionArgs): Promise<Response> {
  const { db } = await world();
  const browser = new URL(request.url).searchParams.get("browser");
  return answerPreview(db, await readProxy(db, request), { id: params["id"] ?? "", browser });
}
