import { expect, test } from "vitest";
import { defaultConfig } from "#sandbox/shopify/subscriptions.ts";
import { adminOf, clock, openDoor, openShop } from "./world.ts";

const mug = {
  title: "Black Mug",
  bodyHtml: "<p>Holds <b>tea</b>.</p>",
  vendor: "Makers' Yard",
  productType: "Mug",
  tags: ["kitchen", "black"],
  options: [{ name: "Size" }, { name: "Colour" }],
  images: [
    { src: "https://cdn.example.com/front.jpg", alt: "From the front" },
    { src: "https://cdn.example.com/back.jpg" },
  ],
  variants: [
    {
      options: ["Small", "Black"],
      sku: "MUG-S",
      barcode: "4000000000013",
      priceMinor: 1250,
      grams: 1000,
      weightUnit: "POUNDS" as const,
      metafields: [{ namespace: "custom", key: "code", value: "S1" }],
    },
    { options: ["Large", "Black"], sku: "MUG-L", priceMinor: 1500 },
  ],
  metafields: [{ namespace: "custom", key: "lead_days", type: "number_integer", value: "3" }],
};

const read = `query Read($id: ID!) {
  product(id: $id) {
    title handle status vendor productType tags descriptionHtml updatedAt
    options { name values }
    media(first: 10) { nodes { alt ... on MediaImage { image { url altText } } } }
    metafields(first: 10) { nodes { namespace key type value } }
    variants(first: 10) {
      nodes {
        id title sku barcode price position
        selectedOptions { name value }
        inventoryItem { measurement { weight { unit value } } }
        metafields(first: 10) { nodes { key value } }
      }
    }
  }
}`;

async function mugShop() {
  const door = await openDoor();
  const time = clock();
  const shop = await openShop({ appUrl: door.url, config: defaultConfig, now: time.now });
  const product = await shop.createProduct(mug);
  await shop.settled();
  const admin = adminOf(shop);
  const now = async () => (await admin(read, { id: `gid://shopify/Product/${product.id}` })).data;
  const told = async () => {
    await shop.settled();
    return door.received.map(({ headers, body }) => ({
      topic: headers["x-shopify-topic"],
      body: JSON.parse(String(body)) as Record<string, unknown>,
    }));
  };
  return { shop, time, product, now, told };
}

test("A new product is all there in the Admin API", async () => {
  const { now } = await mugShop();

  expect(await now()).toEqual({
    product: {
      title: "Black Mug",
      handle: "black-mug",
      status: "ACTIVE",
      vendor: "Makers' Yard",
      productType: "Mug",
      tags: ["black", "kitchen"],
      descriptionHtml: "<p>Holds <b>tea</b>.</p>",
      updatedAt: "2026-11-22T10:00:00Z",
      options: [
        { name: "Size", values: ["Small", "Large"] },
        { name: "Colour", values: ["Black"] },
      ],
      media: {
        nodes: [
          {
            alt: "From the front",
            image: { url: "https://cdn.example.com/front.jpg", altText: "From the front" },
          },
          { alt: null, image: { url: "https://cdn.example.com/back.jpg", altText: null } },
        ],
      },
      metafields: {
        nodes: [{ namespace: "custom", key: "lead_days", type: "number_integer", value: "3" }],
      },
      variants: {
        nodes: [
          {
            id: "gid://shopify/ProductVariant/44000000000001",
            title: "Small / Black",
            sku: "MUG-S",
            barcode: "4000000000013",
            price: "12.50",
            position: 1,
            selectedOptions: [
              { name: "Size", value: "Small" },
              { name: "Colour", value: "Black" },
            ],
            inventoryItem: { measurement: { weight: { unit: "POUNDS", value: 2.2046 } } },
            metafields: { nodes: [{ key: "code", value: "S1" }] },
          },
          expect.objectContaining({ sku: "MUG-L", barcode: null, price: "15.00", position: 2 }),
        ],
      },
    },
  });
});

test("Its webhook has the REST shape: tags as one text, no metafields, media beside images", async () => {
  const { told, product } = await mugShop();

  const [created] = await told();

  expect(created?.topic).toBe("products/create");
  expect(created?.body).toMatchObject({
    id: Number(product.id),
    admin_graphql_api_id: `gid://shopify/Product/${product.id}`,
    body_html: "<p>Holds <b>tea</b>.</p>",
    tags: "black, kitchen",
    status: "active",
    updated_at: "2026-11-22T05:00:00-05:00",
    variants: [
      { sku: "MUG-S", price: "12.50", barcode: "4000000000013", option1: "Small", option2: "Black" },
      { sku: "MUG-L" },
    ],
    images: [{ position: 1, alt: "From the front" }, { position: 2 }],
    image: { src: "https://cdn.example.com/front.jpg" },
    media: [
      { media_content_type: "IMAGE", preview_image: { src: "https://cdn.example.com/front.jpg" } },
      { alt: null },
    ],
  });
  expect(created?.body).not.toHaveProperty("metafields");
});

test("A changed variant keeps its id and what was not changed; one left out is gone", async () => {
  const { shop, time, product, now, told } = await mugShop();
  time.pass(60);

  await shop.updateProduct(product.id, {
    title: "Blacker Mug",
    variants: [{ id: product.variants[0]?.id, priceMinor: 1350 }],
    metafields: [{ namespace: "custom", key: "lead_days", value: null }],
  });

  expect(await now()).toMatchObject({
    product: {
      title: "Blacker Mug",
      handle: "black-mug",
      updatedAt: "2026-11-22T10:01:00Z",
      metafields: { nodes: [] },
      variants: {
        nodes: [
          {
            id: "gid://shopify/ProductVariant/44000000000001",
            sku: "MUG-S",
            price: "13.50",
            metafields: { nodes: [{ value: "S1" }] },
          },
        ],
      },
    },
  });
  expect((await told()).at(-1)).toMatchObject({
    topic: "products/update",
    body: { title: "Blacker Mug", variants: [{ price: "13.50" }] },
  });
});

test("An archived product is told as changed, a deleted one by its id alone", async () => {
  const { shop, product, now, told } = await mugShop();

  await shop.archiveProduct(product.id);
  expect(await now()).toMatchObject({ product: { status: "ARCHIVED" } });
  await shop.deleteProduct(product.id);
  expect(await now()).toEqual({ product: null });

  const bodies = (await told()).map(({ topic, body }) => [topic, body["status"]]);
  expect(bodies).toEqual([
    ["products/create", "active"],
    ["products/update", "archived"],
    ["products/delete", undefined],
  ]);
  expect((await told()).at(-1)?.body).toEqual({ id: Number(product.id) });
});

test("A product made without options has one variant, and its handle avoids one that is taken", async () => {
  const { shop } = await mugShop();

  const plain = await shop.createProduct({ title: "Black mug!", status: "draft" });

  expect(plain).toMatchObject({
    handle: "black-mug-1",
    status: "draft",
    options: [{ name: "Title", values: ["Default Title"] }],
    variants: [{ title: "Default Title", sku: null }],
    images: [],
  });
});

test("A seeded catalogue is the same in every run and goes on where it ended", async () => {
  const [one, other] = await Promise.all([openShop({ deliver: false }), openShop({ deliver: false })]);

  one.seedProducts(60);
  const rest = one.seedProducts(60);
  const all = other.seedProducts(120);

  expect(rest.map(({ id, handle }) => [id, handle])).toEqual(
    all.slice(60).map(({ id, handle }) => [id, handle]),
  );
  expect(all.filter(({ status }) => status !== "active").map(({ status }) => status)).toEqual([
    "draft",
    "archived",
  ]);
  expect(one.deliveries()).toEqual([]);
});
