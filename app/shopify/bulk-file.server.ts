// The file of a bulk operation, streamed: bytes → lines → products. What is held at any moment is one product and one
// chunk of the network, however large the shop is.
import { z } from "zod";
import { env } from "../env.server.ts";
import type { ProductFacts } from "../products/product.ts";
import { gidNumber } from "./gid.ts";
import {
  mediaPart,
  metafieldPart,
  productPart,
  toProduct,
  toVariant,
  variantPart,
  type Parts,
} from "./product-parts.ts";
import { ShopifyError } from "./shopify-error.ts";

// A description may be half a megabyte; a line beyond this is not what was asked for.
const maxLineBytes = 8 * 1024 * 1024;
const firstByteMs = 30_000;
// A file that stops coming is asked for again instead of being waited for.
const silenceMs = 30_000;

/**
 * Where Shopify puts the files of bulk operations: Google's storage, or an address of its own. Anything else is not
 * asked, so that no answer can send the worker into the operator's network. `allowed` ("host:port") are the
 * operator's exceptions.
 */
export function isShopifyFile(
  address: string,
  allowed: readonly string[] = env.ALLOWED_PRIVATE_HOSTS,
): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.username !== "" || url.password !== "") return false;
  if (allowed.includes(url.host)) return url.protocol === "https:" || url.protocol === "http:";
  const isKnown =
    url.hostname === "storage.googleapis.com" ||
    /\.(myshopify\.com|shopify\.com|shopifycdn\.com)$/.test(url.hostname);
  return isKnown && url.protocol === "https:" && url.port === "";
}

/** The products of a bulk operation's file, one after the other. Throws ShopifyError `retry` when the file breaks off. */
export async function* readProductFile(
  address: string,
  { currency, allowed }: { currency: string; allowed?: readonly string[] },
): AsyncGenerator<ProductFacts> {
  if (!isShopifyFile(address, allowed))
    throw new ShopifyError("Shopify named an address for the export that is not its own.", {
      problem: "rejected",
    });
  yield* toProducts(linesOf(bytesOf(address)), currency);
}

async function* bytesOf(address: string): AsyncGenerator<Uint8Array> {
  const stopped = new AbortController();
  let timer = setTimeout(() => stopped.abort(), firstByteMs);
  try {
    const response = await fetch(address, { redirect: "error", signal: stopped.signal });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw new Error(`HTTP ${response.status}`);
    }
    const reader = response.body.getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      // Time that the products take to be written is not the network's.
      clearTimeout(timer);
      yield read.value;
      timer = setTimeout(() => stopped.abort(), silenceMs);
    }
  } catch (cause) {
    throw new ShopifyError("The export of the products could not be fetched. It is tried again.", {
      problem: "retry",
      cause,
    });
  } finally {
    clearTimeout(timer);
    // Whoever stops reading half way also stops the download.
    stopped.abort();
  }
}

/** Splits bytes into lines; empty ones are left out. The last one needs no end. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let kept: string[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    const pieces = decoder.decode(chunk, { stream: true }).split("\n");
    for (const [index, piece] of pieces.entries()) {
      kept.push(piece);
      size += piece.length;
      if (size > maxLineBytes) throw new Error("a line of the export is too long");
      if (index === pieces.length - 1) break;
      const line = kept.join("").trim();
      kept = [];
      size = 0;
      if (line !== "") yield line;
    }
  }
  const last = (kept.join("") + decoder.decode()).trim();
  if (last !== "") yield last;
}

const anyLine = z.looseObject({ id: z.string().optional(), __parentId: z.string().optional() });

interface Open {
  product: z.output<typeof productPart>;
  gid: string;
  variants: {
    node: z.output<typeof variantPart>;
    gid: string;
    metafields: z.output<typeof metafieldPart>[];
  }[];
  media: Parts["media"];
  metafields: Parts["metafields"];
}

/** Puts the lines of a grouped file together: a product, then everything that names it or one of its variants as parent. */
export async function* toProducts(
  lines: AsyncIterable<string>,
  currency: string,
): AsyncGenerator<ProductFacts> {
  let open: Open | undefined;
  for await (const line of lines) {
    const read = anyLine.parse(JSON.parse(line));
    if (read.__parentId === undefined) {
      if (open) yield close(open, currency);
      open = {
        product: productPart.parse(read),
        gid: read.id ?? "",
        variants: [],
        media: [],
        metafields: [],
      };
    } else takeChild(open, read, read.__parentId);
  }
  if (open) yield close(open, currency);
}

function takeChild(open: Open | undefined, read: z.output<typeof anyLine>, parent: string): void {
  const variant = open?.variants.findLast(({ gid }) => gid === parent);
  // Left out silently, it would make a product with fewer variants than it has.
  if (!open || (parent !== open.gid && !variant))
    throw new Error("a line of the export is not below its product");
  const type = /^gid:\/\/shopify\/(\w+)\//.exec(read.id ?? "")?.[1];
  if (type === "ProductVariant")
    open.variants.push({ node: variantPart.parse(read), gid: read.id ?? "", metafields: [] });
  else if (type === "Metafield") (variant ?? open).metafields.push(metafieldPart.parse(read));
  else open.media.push(mediaPart.parse(read));
}

function close({ product, variants, media, metafields }: Open, currency: string): ProductFacts {
  const parts = variants.map((variant) => toVariant(variant.node, variant.metafields, currency));
  return toProduct(product, { variants: parts, media, metafields }, currency);
}

/** What a bulk_operations/finish webhook says: which operation it was. Only a hint, the operation is looked at anyway. */
export const finishedOperation = z.object({ admin_graphql_api_id: gidNumber });
