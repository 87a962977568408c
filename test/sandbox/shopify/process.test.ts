import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { openShop } from "./world.ts";

const run = promisify(execFile);

/** Runs a line of code in a process whose calls are redirected, and gives what it printed. */
async function redirected(shopifyUrl: string, code: string): Promise<string> {
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", code], {
    env: {
      ...process.env,
      NODE_OPTIONS: "--import ./sandbox/redirect.mjs",
      SANDBOX_SHOPIFY_URL: shopifyUrl,
    },
  });
  return stdout.trim();
}

test("A process that loads the redirect talks to the sandbox when it means Shopify", async () => {
  const shop = await openShop({ shops: ["demo.myshopify.com", "second.myshopify.com"] });
  const { accessToken } = shop.forShop("second.myshopify.com").grantToken();

  const printed = await redirected(
    shop.url,
    `const response = await fetch(new Request("https://second.myshopify.com/admin/api/2026-10/graphql.json", {
       method: "POST",
       headers: { "content-type": "application/json", "x-shopify-access-token": "${accessToken}" },
       body: JSON.stringify({ query: "{ shop { myshopifyDomain } }" }),
     }));
     console.log((await response.json()).data.shop.myshopifyDomain);`,
  );

  expect(printed).toBe("second.myshopify.com");
});

test("A process that loads the redirect reaches no other host", async () => {
  const shop = await openShop();

  const printed = await redirected(
    shop.url,
    `await fetch("https://example.com/").catch((error) => console.log(error.message));`,
  );

  expect(printed).toBe("the sandbox refused a call to example.com");
});

test("The sandbox runs as a process of its own and is controlled over HTTP", async () => {
  const child = spawn(process.execPath, ["sandbox/shopify/serve.ts", "--port", "0", "--collect"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill());
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const { url } = JSON.parse(String(line)) as { url: string };
  const post = async (path: string, body: unknown) => {
    const response = await fetch(`${url}/_sandbox/${path}`, { method: "POST", body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  const placed = await post("checkout", {
    lines: [{ sku: "MAP-A3", quantity: 2 }],
    shippingAddress: { city: "Salem" },
  });
  const id = String(placed.body["id"]);
  await post(`orders/${id}/fulfil`, { tracking: { company: "UPS", number: "1Z" } });
  const refused = await post("checkout", { lines: [] });
  const unknown = await post("checkout", { lines: [{ variantId: "1" }] });

  const whole = await fetch(`${url}/_sandbox/orders/${id}`).then((response) => response.json());
  expect(placed.status).toBe(201);
  expect(whole).toMatchObject({
    order: { shippingAddress: { city: "Salem", address1: "742 Birch Lane" } },
    fulfillments: [{ by: "admin", tracking: [{ company: "UPS", number: "1Z", url: null }] }],
  });
  expect([refused.status, unknown.status]).toEqual([400, 400]);
  expect(unknown.body["error"]).toBe("demo.myshopify.com has no variant 1");
  const made = await post("products", {
    title: "Mug",
    metafields: [{ namespace: "a", key: "b", value: "c" }],
  });
  const productId = String(made.body["id"]);
  await post(`products/${productId}/update`, { variants: [{ sku: "MUG-1", priceMinor: 1200 }] });
  const product = await fetch(`${url}/_sandbox/products/${productId}`).then((response) => response.json());
  expect(product).toMatchObject({
    product: { handle: "mug", variants: [{ sku: "MUG-1", priceMinor: 1200 }] },
    metafields: [{ namespace: "a", key: "b", value: "c" }],
  });
  expect((await post(`products/${productId}/delete`, {})).body).toEqual({ ok: true });
  expect((await post("seed-products", { count: 3 })).body).toMatchObject({ count: 3 });
  expect((await post("bulk-plans", { kind: "hold" })).body).toEqual([{ kind: "hold" }]);
  expect((await post("bulk-plans", { kind: "explode" })).status).toBe(400);

  const counts = await fetch(`${url}/_sandbox/delivery-counts`).then((response) => response.json());
  expect(counts).toEqual({ collected: expect.any(Number) as number });

  child.kill("SIGTERM");
  const [code] = (await once(child, "exit")) as [number | null];
  expect(code).toBe(0);
});
