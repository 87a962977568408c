// The document around every page.
import type { ReactNode } from "react";
import type { LinksFunction } from "@remix-run/node";
import { Links, Meta, Outlet, Scripts } from "@remix-run/react";
import interStyles from "./inter.css?url";

export const links: LinksFunction = () => [{ rel: "stylesheet", href: interStyles }];

// No ScrollRestoration: its script uses sessionStorage, which throws in a frame whose browser blocks third-party
// storage, and that is how Shopify's reviewers open the app.
export function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <Scripts />
      </body>
    </html>
  );
}

export default function App() {
  return <Outlet />;
}

/** What no page's own boundary caught. Remix's own would write the error to the console, address and all. */
export function ErrorBoundary() {
  return (
    <main style={{ fontFamily: "Inter, sans-serif", margin: "4rem auto", maxWidth: "32rem" }}>
      <h1>This page could not be shown</h1>
      <p>Load it again in a moment. Your orders are not affected: they are handled elsewhere and go on.</p>
    </main>
  );
}
