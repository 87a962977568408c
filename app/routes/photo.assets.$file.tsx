// The widget's files for pages of our own: the same as in the theme.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { answerAsset } from "../previews/preview-page.server.ts";

export function loader({ params }: LoaderFunctionArgs): Promise<Response> {
  return answerAsset(params["file"] ?? "");
}
