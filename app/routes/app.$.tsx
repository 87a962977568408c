// Any other address below /app: says so inside the app's frame, with the navigation around it.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { authenticate } from "../shopify.server.ts";
import { notFound } from "../ui/page-error.tsx";

export { PageError as ErrorBoundary } from "../ui/page-error.tsx";

export async function loader({ request }: LoaderFunctionArgs): Promise<never> {
  await authenticate.admin(request);
  throw notFound("There is no such page in this app.", { label: "Go to Home", to: "/app" });
}

export default function NoSuchPage() {
  return null;
}
