// How the pages are built: Remix's compiler, with the routes of app/routes.ts.
import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig } from "vite";

declare module "@remix-run/node" {
  interface Future {
    v3_singleFetch: true;
  }
}

export default defineConfig({
  plugins: [
    remix({
      ignoredRouteFiles: ["**/.*"],
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_lazyRouteDiscovery: true,
        // Without it Remix puts its own Request and fetch in place of Node's, and Response.json is missing.
        v3_singleFetch: true,
        v3_routeConfig: true,
      },
    }),
  ],
  // Fonts and icons stay files: a page's policy need not allow data: addresses, and they are cached for ever.
  // es2022: the server's modules wait for the database at their top level.
  build: { assetsInlineLimit: 0, sourcemap: false, target: "es2022" },
  server: { host: "127.0.0.1" },
});
