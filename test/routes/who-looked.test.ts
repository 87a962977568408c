// Who stands in the log when personal data was shown: through the pages' own routes, with real session tokens.
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { pagesDatabase } from "#test/ui/pages-database.ts";

const database = pagesDatabase();
const folder = mkdtempSync(path.join(tmpdir(), "makerlane-who-"));
process.env["DATA_DIR"] = folder;
// It imports the app, which reads its environment once, so it comes after the environment is there.
const { localShopify, shop } = await import("#test/shopify/local-shop.ts");
const shopify = localShopify();

async function load() {
  return {
    ...(await import("#test/orders/rows.ts")),
    ...(await import("#app/crypto.server.ts")),
    ...(await import("#app/log.server.ts")),
    ...(await import("#app/previews/storage.server.ts")),
    order: await import("#app/routes/app.orders.$id.tsx"),
    settings: await import("#app/routes/app.settings.tsx"),
    picture: await import("#app/routes/app.pictures.$order.$line.$kind.tsx"),
  };
}
let app: Awaited<ReturnType<typeof load>>;

beforeAll(async () => {
  app = await load();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A request of the page that the person with this number in Shopify has open. */
function from(person: string, fields?: Record<string, string>) {
  const token = shopify().sessionToken({ sub: person });
  const headers = { "user-agent": "Mozilla/5.0 Chrome/130.0", authorization: `Bearer ${token}` };
  const post = fields && { method: "POST", body: new URLSearchParams(fields) };
  return new Request("https://makerlane.test/app", { headers, ...post });
}

async function aPhotoOf(orderId: string): Promise<void> {
  const [artworkId, selectionId, key] = [randomUUID(), randomUUID(), app.newKey(shop, "jpg")];
  await app.putFile(key, new TextEncoder().encode("the photo"));
  await database.pool.query(
    `INSERT INTO "Artwork" (id, shop, key, filename, "contentType", width, height, bytes, sha256, "forgetAt") VALUES ($1, $2, $3, 'photo.jpg', 'image/jpeg', 900, 1200, 9, 'hash', now() + interval '60 days')`,
    [artworkId, shop, key],
  );
  await database.pool.query(
    `INSERT INTO "Selection" (id, shop, "productId", "variantId", browser, "previewId", "artworkId", look) VALUES ($1, $2, '801', '1', 'b', $1, $3, 'drama')`,
    [selectionId, shop, artworkId],
  );
  await database.pool.query(
    `INSERT INTO "OrderPicture" (shop, "orderId", "lineId", "selectionId") VALUES ($1, $2, '1', $3)`,
    [shop, orderId, selectionId],
  );
}

test("showing personal data is logged with the number of the person whose session token asked", async () => {
  const connection = await app.aConnection(database.pool);
  const { orderId, vendorOrderId } = await app.aPartRow(database.pool, connection);
  await aPhotoOf(orderId);
  const place = { table: "PrivacyRequest", column: "export", shop, row: "7" };
  await database.pool.query(
    `INSERT INTO "PrivacyRequest" (id, shop, topic, export) VALUES (7, $1, 'customers/data_request', $2)`,
    [shop, app.sealJson({ orders: ["#1001"] }, place)],
  );
  const info = vi.spyOn(app.log, "info");
  const context = {};

  const shown = { intent: "show sent", part: vendorOrderId, personal: "true" };
  await app.order.action({ request: from("501", shown), params: { id: orderId }, context });
  const params = { order: orderId, line: "1", kind: "photo" };
  await app.picture.loader({ request: from("502"), params, context });
  await app.settings.action({
    request: from("503", { intent: "export", request: "7" }),
    params: {},
    context,
  });

  const told = info.mock.calls.map(([fields, event]: unknown[]) => [event, fields]);
  expect(told.filter(([event]) => String(event).startsWith("personal_data."))).toMatchObject([
    ["personal_data.shown", { user: "501", shop }],
    ["personal_data.picture_shown", { user: "502", shop }],
    ["personal_data.exported", { user: "503", shop }],
  ]);
});
