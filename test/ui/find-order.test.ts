// A merchant brings in an order by whatever they have of it.
import { expect, test } from "vitest";
import { findShopifyOrder } from "#app/ui/find-order.server.ts";
import { ShopifyError, type Admin } from "#app/shopify/admin.server.ts";

function shopifyWith(...names: string[]): { admin: Pick<Admin, "graphql">; asked: unknown[] } {
  const asked: unknown[] = [];
  const nodes = names.map((name, index) => ({ id: `gid://shopify/Order/${index + 1}`, name }));
  return {
    asked,
    admin: {
      graphql: async (_operation, variables, schema) => {
        asked.push(variables);
        return schema.parse({ orders: { nodes } });
      },
    },
  };
}

test.each([
  ["https://admin.shopify.com/store/demo/orders/5551234567890?x=1", "5551234567890"],
  ["gid://shopify/Order/77", "77"],
  [" 5551234567890 ", "5551234567890"],
])("%s needs no question to Shopify", async (typed, shopifyId) => {
  const { admin, asked } = shopifyWith();

  expect(await findShopifyOrder(admin, typed)).toEqual({ shopifyId });
  expect(asked).toEqual([]);
});

test.each(["#1001", "1001", " #1001 "])(
  "the name %s is looked up, and only the very same name counts",
  async (typed) => {
    const { admin, asked } = shopifyWith("#10012", "#1001");

    expect(await findShopifyOrder(admin, typed)).toEqual({ shopifyId: "2" });
    expect(asked).toEqual([{ query: 'name:"1001"' }]);
  },
);

test("what is typed cannot leave the search for a name", async () => {
  const { admin, asked } = shopifyWith();

  await findShopifyOrder(admin, '1" OR status:"any');

  expect(asked).toEqual([{ query: 'name:"1 OR status:any"' }]);
});

test("an unknown name says what to do, and so does Shopify's silence", async () => {
  const none = await findShopifyOrder(shopifyWith().admin, "#9");
  expect(none).toEqual({ refused: expect.stringContaining("Shopify shows us no order #9.") });

  const silent: Pick<Admin, "graphql"> = {
    graphql: () => Promise.reject(new ShopifyError("Shopify could not be reached.", { problem: "retry" })),
  };
  expect(await findShopifyOrder(silent, "#9")).toEqual({
    refused: "Shopify could not be reached. Try again, or paste the order's web address.",
  });
});
