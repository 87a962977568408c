// WHCC's lists: products and designs of the Editor API, the catalogue of the Order Submit API, and which order
// attributes go together. Sources: WHCC Editor API, "Products", "Designs"; Order Submit API, "Request catalog",
// "Catalog schema", read 2026-11-22.
import { albumProduct, cardProduct, makes, printProduct, type Make } from "./whcc-makes.ts";

const photoNode = { name: "Main", nodeId: 10000, dimensionKeys: ["size"] };

/** GET /products */
export const products = [
  {
    _id: cardProduct,
    name: "5x7 Flat Card Horizontal",
    editorCompatibility: "cardEditor",
    category: { id: "7sXPek95CQ6f6N5Hu", name: "Press Printed Cards" },
    metadata: { width: 7, height: 5, bleed: 0.25, resolution: 300 },
    nodes: [
      { name: "Front", nodeId: 10000, height: 5.25, width: 7.25, x: 0, y: 0 },
      { name: "Back", nodeId: 10001, height: 5.25, width: 7.25, x: 0, y: 0 },
    ],
  },
  {
    _id: printProduct,
    name: "Photo Print",
    editorCompatibility: "simpleEditor",
    category: { id: "tfhysKwZafFtmGqpQ", name: "Wall Displays" },
    metadata: { resolution: 300 },
    nodes: [photoNode],
  },
  {
    _id: albumProduct,
    name: "Album",
    editorCompatibility: "albumEditor",
    category: { id: "2qNgr3zcSx9wvTAo9", name: "Albums" },
    metadata: { resolution: 300, cover_overhang: 0.125 },
    nodes: [photoNode],
  },
];

function design(id: string, product: (typeof products)[number], family: string) {
  return {
    _id: id,
    product: { _id: product._id, name: product.name },
    family: { _id: "F6k2L2g3ajq8Q8nZH", name: family, priorityVal: 1 },
    occasion: { _id: "2xSNk4YaKPtzPpCur", name: "holiday" },
    name: product.name.toLowerCase(),
    faces: product.nodes.map(({ name, nodeId }) => ({ name, nodeId, layouts: [{ name: "layout_1" }] })),
  };
}

/** GET /designs: one for each product, by the product's place in the list. */
export const designs = products.map((product, at) =>
  design(
    ["zCmKRwkBxBqyd75tC", "ztRMDiHup8ooFhxLr", "aLb7Xw2QpRnT5sVyM"][at] ?? product._id,
    product,
    ["enchanted holiday", "plain", "heirloom"][at] ?? "plain",
  ),
);

interface OrderAttribute {
  uid: number;
  name: string;
  /** Dollars on the invoice. */
  price: number;
}

/** How the parcel goes: exactly one of these in every order. */
const ways: OrderAttribute[] = [
  { uid: 96, name: "Drop Ship to Client", price: 0 },
  { uid: 547, name: "Ship to Studio", price: 0 },
  { uid: 548, name: "Drop Ship to Client, with packaging", price: 1.5 },
];
/** How fast: one more, for the two ways to a client. */
const speeds: OrderAttribute[] = [
  { uid: 100, name: "USA - Trackable 3 days or less", price: 8.95 },
  { uid: 545, name: "USA - Economy Shipping", price: 3.48 },
  { uid: 553, name: "USA - Drop Ship", price: 6.5 },
  { uid: 554, name: "UPS 2nd Day", price: 16.25 },
  { uid: 555, name: "UPS Next Day", price: 24.5 },
  { uid: 556, name: "UPS Next Day Saver", price: 22.75 },
];
/**
 * The documents pair 96 with 545 and 554, and 548 with 545; a catalogue of 2014 gave 553 to 556 the parent 548. All
 * of these hold when each speed stands below both ways, which is why an Id comes twice with different parents.
 */
const dropShipWays = [96, 548];

/** What is wrong with an order's attributes, or undefined. */
export function attributesTrouble(uids: number[]): string | undefined {
  const strange = uids.find((uid) => !ways.some((a) => a.uid === uid) && !speeds.some((a) => a.uid === uid));
  if (strange !== undefined) return `order attribute ${strange} is not in the catalog`;
  if (new Set(uids).size !== uids.length) return "an order attribute is there twice";
  const way = uids.filter((uid) => ways.some((a) => a.uid === uid));
  const speed = uids.filter((uid) => speeds.some((a) => a.uid === uid));
  if (way.length !== 1) return `an order needs one shipping option, not ${way.length}`;
  const needed = dropShipWays.includes(way[0] ?? 0) ? 1 : 0;
  if (speed.length !== needed) {
    return `shipping option ${way[0] ?? 0} needs ${needed} drop ship shipping options, not ${speed.length}`;
  }
  return undefined;
}

/** The invoice line of an order's shipping. */
export function shippingLine(uids: number[]): { description: string; price: number } {
  const chosen = [...ways, ...speeds].filter(({ uid }) => uids.includes(uid));
  const price = chosen.reduce((sum, one) => sum + one.price, 0);
  return { description: `Fulfillment Shipping - ${chosen.at(-1)?.name ?? "none"}`, price };
}

/** GET /api/catalog, for a consumer key. */
export function catalog(key: string) {
  return {
    Key: key,
    Name: "My Account Catalog",
    Categories: [
      {
        Id: 215,
        Name: "Partner Photo Fulfillment",
        ProductList: makes.map(productOf),
        OrderAttributeCategoryList: [
          {
            Id: 35,
            CategoryName: "Shipping Options",
            RequiredLevel: 1,
            Attributes: ways.map(({ uid, name }) => attribute(uid, name, 0)),
          },
          {
            Id: 38,
            CategoryName: "Drop Ship Shipping Options",
            RequiredLevel: 0,
            Attributes: dropShipWays.flatMap((way) =>
              speeds.map(({ uid, name }) => attribute(uid, name, way)),
            ),
          },
        ],
      },
    ],
  };
}

function productOf(make: Make) {
  return {
    Id: make.productUid,
    Name: make.description,
    ProductCategoryUID: 215,
    AttributeCategories: make.attributes.map(({ uid, category, name }, at) => ({
      Id: at + 1,
      AttributeCategoryName: category,
      RequiredLevel: 1,
      Attributes: [attribute(uid, name, 0)],
    })),
    ProductNodes: [{ DP2NodeID: 10000, Description: make.preview.name, W: make.size.w, H: make.size.h }],
  };
}

function attribute(uid: number, name: string, parent: number) {
  return { Id: uid, AttributeName: name, ParentAttributeUID: parent };
}
