// Whoever comes without Shopify's admin around the page is sent there. The app never asks for a shop's address
// (App Store requirement 2.3): without one in the link, it says where to open the app instead.
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { login } from "../shopify.server.ts";

export async function loader({ request }: LoaderFunctionArgs): Promise<null> {
  // Redirects to Shopify's install page when the link names a shop.
  await login(request);
  return null;
}

export const meta: MetaFunction = () => [{ title: "Makerlane" }];

export default function Login() {
  return (
    <main
      style={{ fontFamily: "Inter, sans-serif", maxWidth: "32rem", margin: "4rem auto", padding: "0 1rem" }}
    >
      <h1>Makerlane opens inside Shopify</h1>
      <p>
        Open your Shopify admin, choose <strong>Apps</strong>, then <strong>Makerlane</strong>. If the app is
        not in your list, install it from the Shopify App Store.
      </p>
    </main>
  );
}
