// The files a vendor made, on their way to the merchant: streamed, guarded, and with a word for what is missing.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { unzipSync, strFromU8 } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listFiles, openFile, plainName, zipFiles, type OpenedFile } from "#app/vendors/files.server.ts";
import { createHttp, type Http, type SendError } from "#app/vendors/http.server.ts";
import type { VendorRequest } from "#app/vendors/vendor.ts";
import type { StreamedReply } from "#app/vendors/wire.server.ts";
import { anOmsShop, aPrint } from "./at-vendor.ts";

const here = anOmsShop();
const now = new Date("2026-11-22T10:00:00Z");

async function bytesOf(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}

function opened(file: OpenedFile | { refused: string }): OpenedFile {
  if ("refused" in file) throw new Error(file.refused);
  return file;
}

async function ready(changes: Parameters<typeof here.order>[0] = {}) {
  const made = await here.order(changes);
  for (const { lines } of here.oms.ledger())
    for (const line of lines) here.oms.setPrint(String(line.detail["ecommerce_order_item_id"]), "ready");
  return made;
}

/** The world with the wire for files replaced; `asked` is what went over it. */
function withWire(answer: (request: VendorRequest) => StreamedReply | undefined) {
  const asked: VendorRequest[] = [];
  const real = here.world.http;
  const stream: Http["stream"] = async (request) => {
    asked.push(request);
    return answer(request) ?? (await real.stream?.(request)) ?? Promise.reject(new Error("no wire"));
  };
  const http: Http = Object.assign((request: VendorRequest, fresh: boolean) => real(request, fresh), {
    stream,
  });
  return { world: { ...here.world, http }, asked };
}

const replyOf = (status: number, headers: Record<string, string> = {}, text = ""): StreamedReply => ({
  status,
  headers,
  body: (async function* () {
    yield new TextEncoder().encode(text);
  })(),
});

describe("one file", () => {
  test("the files of an order are listed and come as the vendor made them", async () => {
    const { at } = await ready();
    const listed = await listFiles(here.world, at);
    const name = "files" in listed ? (listed.files[0]?.name ?? "") : "";
    expect(name).toMatch(/\.pdf$/);
    const file = opened(await openFile(here.world, { ...at, name }));
    expect(strFromU8(await bytesOf(file.body)).slice(0, 5)).toBe("%PDF-");
    expect(await openFile(here.world, { ...at, name: "../secret" })).toHaveProperty("refused");
  });

  test("an order whose files are not made yet has an empty list; one that was not sent says why it has none", async () => {
    const { at } = await here.order();
    expect(await listFiles(here.world, at)).toEqual({ files: [] });
    await here.database.pool.query(`UPDATE "VendorOrder" SET status = 'cancelled'`);
    expect(await listFiles(here.world, at)).toHaveProperty("refused");
    expect(await listFiles(here.world, { ...at, shop: "other.myshopify.com" })).toHaveProperty("refused");
  });

  test("a file may lie at another address, which never gets the key", async () => {
    const { at } = await ready();
    const listed = await listFiles(here.world, at);
    const name = "files" in listed ? (listed.files[0]?.name ?? "") : "";
    const { world, asked } = withWire((request) =>
      request.url.startsWith(here.oms.url)
        ? replyOf(302, { location: "https://cdn.example.com/file.pdf" })
        : replyOf(200, { "content-length": "4" }, "%PDF"),
    );
    const file = opened(await openFile(world, { ...at, name }));
    expect(file.size).toBe(4);
    expect(await bytesOf(file.body)).toHaveLength(4);
    expect(asked.map(({ url }) => url)).toEqual([
      expect.stringContaining("/print-files/"),
      "https://cdn.example.com/file.pdf",
    ]);
    expect(Object.keys(asked[1]?.headers ?? {})).toEqual(["accept"]);
  });

  test("an address that sends us round in circles, or to our own network, is refused with a sentence", async () => {
    const { at } = await ready();
    const listed = await listFiles(here.world, at);
    const name = "files" in listed ? (listed.files[0]?.name ?? "") : "";
    const round = withWire(({ url }) => replyOf(302, { location: url }));
    expect(await openFile(round.world, { ...at, name })).toMatchObject({
      refused: expect.stringContaining("from address to address"),
    });
    const inside = withWire(({ url }) =>
      url.startsWith(here.oms.url) ? replyOf(302, { location: "http://169.254.169.254/latest" }) : undefined,
    );
    expect(await openFile(inside.world, { ...at, name })).toMatchObject({
      refused: expect.stringContaining("may not be used"),
    });
    const gone = withWire(() => replyOf(404));
    expect(await openFile(gone.world, { ...at, name })).toMatchObject({
      refused: expect.stringContaining("any more"),
    });
  });
});

describe("many files", () => {
  test("the files of chosen orders come as one archive, with a folder for each part", async () => {
    const one = await ready({ id: "5551234567891", name: "#1001" });
    const other = await ready({
      id: "5551234567892",
      name: "#1002",
      lines: [aPrint({ id: "14002" }), aPrint({ id: "14003" })],
    });
    const archive = await zipFiles(here.world, {
      shop: one.at.shop,
      // Either the part's id or the order's.
      vendorOrderIds: [one.at.vendorOrderId, other.orderId],
      now,
    });
    if ("refused" in archive) throw new Error(archive.refused);
    expect(archive.name).toBe("print-files-2026-11-22.zip");

    const files = unzipSync(await bytesOf(archive.body));
    const names = Object.keys(files);
    expect(names).toHaveLength(3);
    expect(new Set(names.map((name) => name.split("/")[0]))).toEqual(
      new Set([`#1001 ${one.part.reference}`, `#1002 ${other.part.reference}`]),
    );
    for (const bytes of Object.values(files)) expect(strFromU8(bytes).slice(0, 5)).toBe("%PDF-");
  });

  test("what is missing in the archive, or broke off, is named in it", async () => {
    const one = await ready({ id: "5551234567891", name: "#1001" });
    const notYet = await here.order({ id: "5551234567892", name: "#1002", lines: [aPrint({ id: "14002" })] });
    const archive = async (answer: (request: VendorRequest) => StreamedReply | undefined) => {
      const made = await zipFiles(withWire(answer).world, {
        shop: one.at.shop,
        vendorOrderIds: [one.at.vendorOrderId, notYet.at.vendorOrderId],
        now,
      });
      if ("refused" in made) throw new Error(made.refused);
      return strFromU8(unzipSync(await bytesOf(made.body))["missing.txt"] ?? new Uint8Array());
    };
    expect(await archive(() => undefined)).toMatch(/^#1002 .*has made no file yet/);
    expect(await archive(() => replyOf(500))).toMatch(/#1001 .*status 500/);
    const { SendError: Lost } = await import("#app/vendors/http.server.ts");
    const broken = (): StreamedReply => ({
      ...replyOf(200),
      body: (async function* () {
        yield new TextEncoder().encode("%PDF");
        throw new Lost("lost", "no answer", { sent: true });
      })(),
    });
    expect(await archive(broken)).toMatch(/#1001 .*is not whole/);
  });

  test("too many orders, and orders without files, are refused before anything is asked", async () => {
    const { at } = await here.order();
    const asked = here.oms.requests().length;
    const many = Array.from(
      { length: 201 },
      (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
    );
    for (const vendorOrderIds of [many, ["x"], []])
      expect(await zipFiles(here.world, { shop: at.shop, vendorOrderIds, now })).toHaveProperty("refused");
    expect(
      await zipFiles(here.world, { shop: "other.myshopify.com", vendorOrderIds: [at.vendorOrderId], now }),
    ).toHaveProperty("refused");
    expect(here.oms.requests()).toHaveLength(asked);
  });
});

test("names are such that a computer takes them and nothing leaves its folder", () => {
  expect(plainName("../../etc/passwd")).toBe("passwd");
  expect(plainName("C:\\a\\b:c?.pdf")).toBe("b_c_.pdf");
  expect(plainName(" ..\u0000 ")).toBe("_");
  expect(plainName("/")).toBe("file");
});

describe("the wire for large answers", () => {
  let server: Server;
  let url = "";
  beforeAll(async () => {
    server = createServer((request, response) => {
      response.writeHead(200);
      if (request.url === "/endless") {
        const more = (): void =>
          void (response.write(Buffer.alloc(64 * 1024)) ? setImmediate(more) : response.once("drain", more));
        response.on("error", () => undefined);
        more();
      } else if (request.url === "/still") response.write("some");
      else {
        response.write("some");
        setImmediate(() => response.destroy());
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test.each([
    ["/endless", "too big"],
    ["/still", "lost"],
    ["/broken", "lost"],
  ])("a body that does not end well (%s) ends as an error, not as a whole file", async (path, kind) => {
    const http = createHttp({ allowedPrivateHosts: [new URL(url).host] });
    const reply = await http.stream({ method: "GET", url: url + path, maxBytes: 300_000, deadlineMs: 200 });
    let size = 0;
    const read = async (): Promise<void> => {
      for await (const piece of reply.body) size += piece.length;
    };
    const error = await read().then(
      () => undefined,
      (thrown: SendError) => thrown,
    );
    expect(error?.kind).toBe(kind);
    expect(size).toBeLessThanOrEqual(300_000);
    await http.close();
  });

  test("an address of our own network is not opened", async () => {
    const http = createHttp({ allowedPrivateHosts: [] });
    await expect(http.stream({ method: "GET", url })).rejects.toMatchObject({ kind: "forbidden" });
    await http.close();
  });
});
