// The page on which a merchant says what a variant is: the variant as Shopify has it, what was chosen so far, and
// the connections it may go to.
import { z } from "zod";
import { configureProduct, pickProducts, removeMapping, saveMapping } from "../connections.server.ts";
import { ShopifyError, adminFor, type Admin } from "../shopify/admin.server.ts";
import { gidNumber, pageInfo, toGid } from "../shopify/gid.ts";
import { variantOptions, variantsBehind } from "../shopify/products.server.ts";
import { vendorById } from "../vendors/index.server.ts";
import type { Configured, VariantOptions, VendorProduct } from "../vendors/vendor.ts";
import { safePicture } from "./links.ts";
import { variantName } from "./products.ts";
import { prisma, world } from "../world.server.ts";

const variantById = `#graphql
  query VariantById($id: ID!) {
    productVariant(id: $id) {
      title
      sku
      product {
        id
        title
        variants(first: 250) {
          pageInfo {
            hasNextPage
            endCursor
          }
          nodes {
            id
            title
            sku
            selectedOptions { name value }
          }
        }
      }
    }
  }
`;

const variantSchema = z.object({
  productVariant: z
    .object({
      title: z.string(),
      sku: z.string().nullable(),
      product: z.object({
        id: gidNumber,
        title: z.string(),
        variants: z.object({
          pageInfo,
          nodes: z.array(
            z.object({
              id: gidNumber,
              title: z.string(),
              sku: z.string().nullish(),
              selectedOptions: variantOptions,
            }),
          ),
        }),
      }),
    })
    .nullable(),
});

interface Variant {
  title: string;
  sku?: string | undefined;
  productId?: string | undefined;
  options: VariantOptions;
  /** The other variants of its product. */
  others: { id: string; title: string; sku?: string | undefined; options: VariantOptions }[];
}

async function readVariant(
  admin: Admin,
  variantId: string,
): Promise<{ variant: Variant } | "gone" | { trouble: string }> {
  try {
    const id = toGid("ProductVariant", variantId);
    const { productVariant } = await admin.graphql(variantById, { id }, variantSchema);
    if (!productVariant) return "gone";
    const { title, sku, product } = productVariant;
    const first = product.variants;
    const variants = [
      ...first.nodes,
      ...(await variantsBehind(admin, { productId: product.id, pageInfo: first.pageInfo })),
    ];
    return {
      variant: {
        title: variantName(product.title, title),
        sku: sku || undefined,
        productId: product.id,
        options: variants.find(({ id }) => id === variantId)?.selectedOptions ?? [],
        others: variants
          .filter(({ id }) => id !== variantId)
          .map((other) => ({
            id: other.id,
            title: variantName(product.title, other.title),
            sku: other.sku || undefined,
            options: other.selectedOptions,
          })),
      },
    };
  } catch (error) {
    if (!(error instanceof ShopifyError)) throw error;
    return { trouble: error.message };
  }
}

/** Everything of the page, or undefined when neither Shopify nor we know the variant. */
export async function readMappingPage({ shop, variantId }: { shop: string; variantId: string }) {
  const { db } = await world();
  const [read, mapping, connections] = await Promise.all([
    readVariant(adminFor(shop, db), variantId),
    prisma.mapping.findFirst({
      where: { shop, variantId },
      include: { connection: { select: { label: true, removedAt: true } } },
    }),
    prisma.connection.findMany({
      where: { shop, removedAt: null },
      orderBy: { createdAt: "asc" },
      select: { id: true, label: true, vendor: true, status: true, takesTestOrders: true },
    }),
  ]);
  const variant: Variant | undefined =
    typeof read === "object" && "variant" in read
      ? read.variant
      : mapping
        ? {
            title: mapping.title,
            sku: mapping.sku ?? undefined,
            productId: mapping.productId ?? undefined,
            options: [],
            others: [],
          }
        : undefined;
  if (!variant) {
    if (typeof read === "object" && "trouble" in read)
      throw new Error("Shopify did not tell what the variant is");
    return undefined;
  }
  return {
    variantId,
    title: variant.title,
    sku: variant.sku,
    productId: variant.productId,
    options: variant.options,
    /** How many variants of the same product nobody has chosen anything for. */
    openOthers: (await withoutChoice(shop, variant.others)).length,
    isGone: read === "gone",
    trouble: typeof read === "object" && "trouble" in read ? read.trouble : undefined,
    mapping: mapping
      ? {
          id: mapping.id,
          connectionId: mapping.connectionId,
          connectionLabel: mapping.connection.label,
          isBroken: mapping.connection.removedAt !== null,
          product: toRecord(mapping.product),
        }
      : undefined,
    /** Vendors without orders are never offered: a line routed to one could not be sent. */
    hasCatalogueOnly: connections.some(({ vendor }) => vendorById(vendor)?.orders === undefined),
    connections: connections.flatMap(({ id, label, vendor: vendorId, status, takesTestOrders }) => {
      const vendor = vendorById(vendorId);
      return vendor?.orders
        ? [
            {
              id,
              label: takesTestOrders ? `${label} (test account)` : label,
              status,
              vendorLabel: vendor.label,
              fields: [...vendor.product],
              hasList: vendor.products !== undefined,
              hasConfigurator: vendor.configure !== undefined,
              readsOptions: vendor.fromOptions !== undefined,
            },
          ]
        : [];
    }),
  };
}

async function withoutChoice<V extends { id: string }>(shop: string, variants: V[]): Promise<V[]> {
  if (variants.length === 0) return [];
  const variantId = { in: variants.map(({ id }) => id) };
  const chosen = await prisma.mapping.findMany({ where: { shop, variantId }, select: { variantId: true } });
  const ids = new Set(chosen.map((mapping) => mapping.variantId));
  return variants.filter(({ id }) => !ids.has(id));
}

/** What the page is given. */
export type MappingPage = NonNullable<Awaited<ReturnType<typeof readMappingPage>>>;

function toRecord(value: unknown): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).catch({}).parse(value);
}

/** What came of what the page posted. */
export type Mapped =
  | { saved: { at: number; others: number } }
  | { removed: true }
  | { refused: string }
  | { errors: Record<string, string> }
  | { products: VendorProduct[] }
  /** `asked` is the question, so that the answer to an old one is known as such. */
  | { configured: { asked: string; made: Configured } };

/** Does what the page posted: search the vendor's products, save the choice, or remove it. */
export async function mapVariant(given: {
  shop: string;
  variantId: string;
  form: FormData;
}): Promise<Mapped> {
  const { shop, variantId, form } = given;
  const here = await world();
  const connectionId = String(form.get("connectionId") ?? "");
  switch (form.get("intent")) {
    case "search":
      return await pickProducts(here, { shop, connectionId, search: String(form.get("search") ?? "") });
    case "configure":
      return await configure({ shop, connectionId, form });
    case "remove": {
      const row = await prisma.mapping.findFirst({ where: { shop, variantId }, select: { id: true } });
      if (!row) return { removed: true };
      const answer = await removeMapping(here, { shop, mappingId: row.id });
      return "refused" in answer ? answer : { removed: true };
    }
    default: {
      if (connectionId === "") return { errors: { connectionId: "Choose who makes it." } };
      // Read again from Shopify: what names a product on the vendor's bill is not taken from a form.
      const read = await readVariant(adminFor(shop, here.db), variantId);
      if (read === "gone")
        return { refused: "Shopify does not have this variant any more. Remove the choice." };
      if ("trouble" in read) return { refused: `${read.trouble} Nothing was saved. Try again in a moment.` };
      const { others, ...own } = read.variant;
      const { productId } = own;
      const answer = await saveMapping(here, { shop, connectionId, variantId, form, ...own });
      if ("errors" in answer) return answer;
      // Never over a choice that somebody made: only variants without one.
      const open = form.get("alsoOthers") === "true" ? await withoutChoice(shop, others) : [];
      let saved = 0;
      for (const { id, ...other } of open) {
        const also = await saveMapping(here, {
          shop,
          connectionId,
          variantId: id,
          productId,
          form,
          isCopy: true,
          ...other,
        });
        if ("mappingId" in also) saved += 1;
      }
      return { saved: { at: Date.now(), others: saved } };
    }
  }
}

// A form that is being filled in, as text; what is longer is not from our page.
const posted = z
  .string()
  .max(100_000)
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      context.addIssue("is no JSON");
      return z.NEVER;
    }
  });
const making = posted.pipe(z.record(z.string(), z.unknown()));

const itsOptions = posted.pipe(variantOptions).catch([]);

async function configure(at: { shop: string; connectionId: string; form: FormData }): Promise<Mapped> {
  const { shop, connectionId, form } = at;
  const text = String(form.get("product") ?? "");
  const product = making.safeParse(text);
  if (!product.success) return { refused: "The page is out of date. Load it again." };
  // From the page, which shows what comes of them; what is saved is read from Shopify.
  const options = itsOptions.parse(form.get("options"));
  const asked = { shop, connectionId, product: product.data, options };
  const answer = await configureProduct(await world(), asked);
  if ("refused" in answer) return answer;
  const { image, ...made } = answer.configured;
  const picture = safePicture(image);
  return {
    configured: {
      asked: `${connectionId} ${text}`,
      made: { ...made, ...(picture !== undefined && { image: picture }) },
    },
  };
}
