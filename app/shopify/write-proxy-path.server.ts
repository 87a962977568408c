// Tells the theme where the storefront reaches us: a metafield of the app's own installation, which only we can write
// and Liquid reads as `app.metafields['$app:dot'].proxy` (shopify.dev, app-owned metafields, read 2026-11-22).
import { z } from "zod";
import type { Admin } from "./admin.server.ts";

const question = `#graphql
  query ReadProxyPath {
    currentAppInstallation {
      id
      metafield(namespace: "$app:dot", key: "proxy") { value }
    }
  }`;

const operation = `#graphql
  mutation WriteProxyPath($metafields: [MetafieldsSetInput!]!) {
    metafieldsSet(metafields: $metafields) {
      metafields { value }
      userErrors { field message }
    }
  }`;

const installation = z.object({
  currentAppInstallation: z.object({ id: z.string(), metafield: z.object({ value: z.string() }).nullable() }),
});

/** Writes the path, "/apps/dot", unless it stands there already. Doing it twice leaves the same. Throws ShopifyError. */
export async function writeProxyPath(admin: Admin, path: string): Promise<void> {
  const { currentAppInstallation: own } = await admin.graphql(question, {}, installation);
  if (own.metafield?.value === path) return;
  const metafield = {
    ownerId: own.id,
    namespace: "$app:dot",
    key: "proxy",
    type: "single_line_text_field",
    value: path,
  };
  await admin.graphql(
    operation,
    { metafields: [metafield] },
    z.object({ metafieldsSet: z.object({ metafields: z.array(z.object({ value: z.string() })).length(1) }) }),
  );
}
