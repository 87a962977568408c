// Dora in the battery: one cart per login, so an unanswered purchase is for a person, and nothing else may suffer.
import { startDora } from "#sandbox/vendors/dora.ts";
import { properties } from "#test/support/builders.ts";
import { orderContract } from "#test/vendors/contract.ts";
import { aRing } from "#test/vendors/dora/rings.ts";

orderContract({
  vendor: "dora",
  start: () => startDora({ port: 0 }),
  settings: (url) => ({ baseUrl: url, username: "dealer", password: "dora_demo" }),
  product: aRing(),
  line: () => ({ quantity: 2, properties: properties({ "Ring size": "56" }) }),
  privateHosts: () => [],
  provable: false,
  lines: [{ quantity: 2 }],
  tidy: emptyCart,
});

// What the person does before releasing the account: logs in at Dora and empties the cart by hand.
async function emptyCart({ url }: { url: string }): Promise<void> {
  const json = { "content-type": "application/json" };
  const login = await fetch(`${url}/auth/login`, {
    method: "POST",
    headers: json,
    body: JSON.stringify({ username: "dealer", password: "dora_demo" }),
  });
  const { token } = (await login.json()) as { token: string };
  const headers = { ...json, authorization: `Bearer ${token}` };
  const cart = (await (await fetch(`${url}/cart`, { headers })).json()) as { items?: { item_key: string }[] };
  for (const { item_key } of cart.items ?? [])
    await fetch(`${url}/cart`, { method: "DELETE", headers, body: JSON.stringify({ item_key }) });
}
