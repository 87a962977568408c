// The files a vendor made for an order (print files), from the vendor to the merchant's browser: listed anew each time,
// because addresses end, and never held whole, because they are large.
import { Zip, ZipPassThrough } from "fflate";
import { askOpen } from "../connections/ask.server.ts";
import { log } from "../log.server.ts";
import { openPart, sentOf } from "../orders/sent-part.server.ts";
import type { World } from "../world.server.ts";
import { vendorById } from "./index.server.ts";
import type { VendorFile } from "./vendor.ts";
import { SendError, type StreamedReply } from "./wire.server.ts";

/** The largest file that is passed on, in bytes. */
const maxFileBytes = 256 * 1024 * 1024;
/** The archive's form has no place for more than 4 GiB. */
const maxZipBytes = 4 * 1024 * 1024 * 1024 - 64 * 1024 * 1024;
/** Orders in one archive. */
export const maxZipOrders = 200;
// Bytes may pause this long, in milliseconds.
const pauseMs = 30_000;
// A vendor's storage may hand on to another address; each is held against the address guard.
const maxHops = 3;

/** A file as the page lists it. `name` is unique in its list and names the file when it is asked for. */
export interface ListedFile {
  name: string;
}

/** The files of a part that its vendor has. None yet is an empty list. */
export async function listFiles(
  world: World,
  which: { shop: string; vendorOrderId: string },
): Promise<{ files: ListedFile[] } | { refused: string }> {
  const found = await findFiles(world, which);
  return "refused" in found ? found : { files: found.files.map(({ name }) => ({ name })) };
}

interface Found {
  orderName: string;
  label: string;
  files: { name: string; file: VendorFile }[];
}

async function findFiles(
  world: World,
  which: { shop: string; vendorOrderId: string },
): Promise<Found | { refused: string }> {
  const found = await openPart(world.db, which);
  if ("refused" in found) return found;
  const { part, open } = found;
  const { vendor, settings } = open;
  const files = vendor.orders?.files;
  if (!files) return { refused: `${vendor.label} makes no files for orders.` };
  if (part.status !== "sent" && part.status !== "shipped")
    return { refused: `${open.row.label} does not have this part, so it made no files for it.` };
  const asked = await askOpen(world, open, async (asking) => files(sentOf(part), settings, asking));
  if ("refused" in asked) return { refused: asked.refused };
  return { orderName: part.orderName, label: open.row.label, files: named(asked.answer) };
}

// Names that a person's computer takes, each once, whatever the vendor calls them.
function named(files: readonly VendorFile[]): Found["files"] {
  const taken = new Set<string>();
  return files.map((file) => {
    const plain = plainName(file.filename);
    const dot = plain.lastIndexOf(".");
    const [stem, end] = dot > 0 ? [plain.slice(0, dot), plain.slice(dot)] : [plain, ""];
    let name = plain;
    for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${stem} (${count})${end}`;
    taken.add(name.toLowerCase());
    return { name, file };
  });
}

/** A name without folders, signs that a file system forbids, or dots at its ends. */
export function plainName(given: string): string {
  const base = given.split(/[/\\]/).at(-1) ?? "";
  const name = base
    .replace(/[\u0000-\u001f\u007f<>:"|?*]/g, "_")
    .replace(/^[.\s]+|[.\s]+$/g, "")
    .slice(0, 150);
  return name === "" ? "file" : name;
}

/** A file on its way to a browser. */
export interface OpenedFile {
  name: string;
  /** Bytes, when the vendor said how many. */
  size: number | undefined;
  body: ReadableStream<Uint8Array>;
}

/** Opens one file by its name in the list. */
export async function openFile(
  world: World,
  which: { shop: string; vendorOrderId: string; name: string; signal?: AbortSignal },
): Promise<OpenedFile | { refused: string }> {
  const found = await findFiles(world, which);
  if ("refused" in found) return found;
  const entry = found.files.find(({ name }) => name === which.name);
  if (!entry) return { refused: `${found.label} does not have this file any more. Load the page again.` };
  log.info({ shop: which.shop, vendorOrder: which.vendorOrderId }, "files.opened");
  const got = await fetchFile(world, entry.file, found.label);
  if ("refused" in got) return got;
  const size = Number(got.headers["content-length"]);
  return {
    name: entry.name,
    size: Number.isSafeInteger(size) && got.headers["content-encoding"] === undefined ? size : undefined,
    body: asStream(got.body, which.signal),
  };
}

async function fetchFile(
  world: World,
  { url, headers = {} }: VendorFile,
  label: string,
): Promise<StreamedReply | { refused: string }> {
  let [address, keys] = [url, headers];
  for (let hop = 0; hop <= maxHops; hop++) {
    const reply = await fetchOnce(world, { url: address, headers: keys }, label);
    if ("refused" in reply) return reply;
    if (reply.status === 200) return reply;
    await drop(reply);
    const next = reply.status >= 300 && reply.status < 400 ? reply.headers["location"] : undefined;
    if (next === undefined || !URL.canParse(next, address)) return { refused: whyNot(reply.status, label) };
    const to = new URL(next, address);
    // A key is for the address it was given with, and for no other.
    if (to.origin !== new URL(address).origin) keys = {};
    address = to.href;
  }
  return { refused: `${label} sends us from address to address for this file. Ask the vendor for it.` };
}

async function fetchOnce(
  world: World,
  { url, headers = {} }: Pick<VendorFile, "url" | "headers">,
  label: string,
): Promise<StreamedReply | { refused: string }> {
  if (!world.http.stream) throw new Error("this wire does not stream");
  try {
    return await world.http.stream({
      method: "GET",
      url,
      headers: { accept: "*/*", ...headers },
      maxBytes: maxFileBytes,
      deadlineMs: pauseMs,
    });
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    log.warn({ err: error }, "files.unreachable");
    const why =
      error.kind === "forbidden"
        ? "lies at an address that may not be used"
        : "cannot be fetched at the moment";
    return { refused: `The file of ${label} ${why}.` };
  }
}

function whyNot(status: number, label: string): string {
  return status === 404 || status === 410
    ? `${label} does not have this file any more.`
    : `${label} did not give the file out (status ${status}). Try again in a minute.`;
}

// Begun and left: a body that nobody begins to read would keep its connection until the deadline.
async function drop(reply: StreamedReply): Promise<void> {
  for await (const _piece of reply.body) break;
}

/** Pulls as fast as the browser takes it, and stops when nobody reads any more. */
function asStream(body: AsyncIterable<Uint8Array>, signal?: AbortSignal): ReadableStream<Uint8Array> {
  const pieces: AsyncIterator<Uint8Array, unknown> = body[Symbol.asyncIterator]();
  const stop = (): void => void pieces.return?.().catch(() => undefined);
  signal?.addEventListener("abort", stop, { once: true });
  return new ReadableStream({
    pull: async (controller) => {
      const next = await pieces.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: stop,
  });
}

/** What an archive is made of. */
export interface ZipAsked {
  shop: string;
  /** Ids of VendorOrders or of Orders; parts whose vendor makes files are taken. */
  vendorOrderIds: readonly string[];
  now: Date;
  signal?: AbortSignal;
}

/**
 * The files of many orders as one ZIP archive, made while it is sent: a folder for each part. What is missing, and why,
 * stands in "missing.txt" in it.
 */
export async function zipFiles(
  world: World,
  { shop, vendorOrderIds, now, signal }: ZipAsked,
): Promise<{ name: string; body: ReadableStream<Uint8Array> } | { refused: string }> {
  const ids = [...new Set(vendorOrderIds)].filter((id) => uuid.test(id));
  if (ids.length > maxZipOrders)
    return { refused: `Choose at most ${maxZipOrders} orders at once. You chose ${ids.length}.` };
  const parts = await findParts(world, { shop, ids });
  if (parts.length === 0) return { refused: "None of these orders is at a vendor that makes files." };
  log.info({ shop, parts: parts.length }, "files.zipped");
  const name = `print-files-${now.toISOString().slice(0, 10)}.zip`;
  return { name, body: asStream(zipped(world, { shop, parts, now }), signal) };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface ZipPart {
  id: string;
  vendor: string;
  reference: string;
}

async function findParts(world: World, { shop, ids }: { shop: string; ids: string[] }): Promise<ZipPart[]> {
  const { rows } = await world.db.query<ZipPart>(
    `SELECT v.id, v.vendor, v.reference FROM "VendorOrder" v JOIN "Order" o ON o.id = v."orderId"
     WHERE v.shop = $1 AND (v.id = ANY($2) OR v."orderId" = ANY($2)) AND v.status IN ('sent', 'shipped') ORDER BY o."placedAt", v.part`,
    [shop, ids],
  );
  return rows.filter(({ vendor }) => vendorById(vendor)?.orders?.files !== undefined);
}

// One file after the other: the archive is one stream, and a vendor is asked one thing at a time.
async function* zipped(
  world: World,
  { shop, parts, now }: { shop: string; parts: ZipPart[]; now: Date },
): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const zip = new Zip((error, data) => {
    if (error) throw error;
    ready.push(data);
  });
  const entry = (name: string): ZipPassThrough => {
    const added = new ZipPassThrough(name);
    added.mtime = now;
    zip.add(added);
    return added;
  };
  const missing: string[] = [];
  let size = 0;
  for (const { id: vendorOrderId, reference } of parts) {
    const found = await findFiles(world, { shop, vendorOrderId });
    if ("refused" in found) {
      missing.push(`${reference}: ${found.refused}`);
      continue;
    }
    const folder = plainName(`${found.orderName} ${reference}`);
    if (found.files.length === 0) missing.push(`${folder}: ${found.label} has made no file yet.`);
    for (const { name, file } of found.files) {
      const path = `${folder}/${name}`;
      const got = size > maxZipBytes - maxFileBytes ? tooMuch : await fetchFile(world, file, found.label);
      if ("refused" in got) {
        missing.push(`${path}: ${got.refused}`);
        continue;
      }
      const into = entry(path);
      try {
        for await (const piece of got.body) {
          size += piece.length;
          into.push(piece);
          yield* ready.splice(0);
        }
      } catch (error) {
        if (!(error instanceof SendError)) throw error;
        missing.push(`${path}: it broke off on the way and is not whole. Do not use it; fetch it again.`);
      }
      into.push(new Uint8Array(0), true);
      yield* ready.splice(0);
    }
  }
  if (missing.length > 0)
    entry("missing.txt").push(new TextEncoder().encode(`${missing.join("\r\n")}\r\n`), true);
  zip.end();
  yield* ready.splice(0);
}

const tooMuch = { refused: "The archive is full. Choose fewer orders to have it." };
