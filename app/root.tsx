// The document around every page.
import { Links, Meta, Outlet, Scripts } from "@remix-run/react";
import type { LinksFunction } from "@remix-run/node";
import interStyles from "./inter.css?url";

export const links: LinksFunction = () => [{ rel: "stylesheet", href: interStyles }];

// No ScrollRestoration: its script uses sessionStorage, which throws in a frame whose browser blocks third-party
// storage, and that is how Shopify's reviewers open the app.
export default function App() {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <Meta />
        <Links />
      </head>
      <body>
        <Outlet />
        <Scripts />
      </body>
    </html>
  );
}
