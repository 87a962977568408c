// Every status and every silence, as one table, for what may be repeated and for what buys.
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isPrivateAddress } from "#app/vendors/address-guard.ts";
import { converse, createHttp, retryAfter, scrub } from "#app/vendors/http.server.ts";
import { VendorError, type Problem, type VendorRequest } from "#app/vendors/vendor.ts";

const vendor = { label: "The vendor", readError: () => ({}) };

// The status decides, then the kind of request; the text of a message never does.
const statuses: [status: number, ask: Problem | "fine", commit: Problem | "fine"][] = [
  [200, "fine", "fine"],
  [201, "fine", "fine"],
  [301, "connection", "connection"],
  [302, "connection", "connection"],
  [307, "connection", "connection"],
  [400, "rejected", "rejected"],
  [401, "connection", "connection"],
  [403, "connection", "connection"],
  [404, "rejected", "rejected"],
  [408, "retry", "unsure"],
  [409, "rejected", "unsure"],
  [413, "rejected", "rejected"],
  [415, "rejected", "rejected"],
  [422, "rejected", "rejected"],
  [425, "retry", "unsure"],
  [429, "retry", "retry"],
  [500, "retry", "unsure"],
  [502, "retry", "unsure"],
  [503, "retry", "unsure"],
  [504, "retry", "unsure"],
];

// What is no answer at all, by the path that the server below breaks in its own way.
const silences: [path: string, ask: Problem, commit: Problem][] = [
  ["/reset", "retry", "unsure"],
  ["/never", "retry", "unsure"],
  ["/drip", "retry", "unsure"],
  ["/endless", "retry", "unsure"],
  ["/html", "retry", "unsure"],
  ["/truncated", "retry", "unsure"],
  ["/empty", "retry", "unsure"],
];

describe("what an answer means", () => {
  let server: Server;
  let url: string;
  let http: ReturnType<typeof createHttp>;

  beforeAll(async () => {
    server = createServer((request, response) => answer(request.url ?? "/", response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    http = createHttp({ allowedPrivateHosts: [new URL(url).host] });
  });
  afterAll(async () => {
    await http.close();
    server.closeAllConnections();
    server.close();
  });

  async function problemOf(
    kind: "ask" | "commit",
    request: Partial<VendorRequest> & { path: string },
  ): Promise<Problem | "fine"> {
    const { path, ...more } = request;
    try {
      await converse({ vendor, secrets: [], http })[kind]({
        method: "POST",
        url: url + path,
        json: {},
        deadlineMs: 300,
        ...more,
      });
      return "fine";
    } catch (error) {
      if (error instanceof VendorError) return error.problem;
      throw error;
    }
  }

  test.each(statuses)("status %i is %s for a question and %s for a purchase", async (status, ask, commit) => {
    expect(await problemOf("ask", { path: `/status/${status}` })).toBe(ask);
    expect(await problemOf("commit", { path: `/status/${status}` })).toBe(commit);
  });

  test.each(silences)("%s is %s for a question and %s for a purchase", async (path, ask, commit) => {
    expect(await problemOf("ask", { path, maxBytes: 10_000 })).toBe(ask);
    expect(await problemOf("commit", { path, maxBytes: 10_000 })).toBe(commit);
  });

  test("a vendor that cannot be reached surely has nothing, even of a purchase", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const toClosed = createHttp({ allowedPrivateHosts: [`127.0.0.1:${port}`] });
    const { commit } = converse({ vendor, secrets: [], http: toClosed });
    await expect(
      commit({ method: "POST", url: `http://127.0.0.1:${port}/`, json: {} }),
    ).rejects.toMatchObject({ problem: "retry", lost: false });
    await toClosed.close();
  });

  test("a vendor's own reading of a status comes before the table", async () => {
    const own = {
      label: "The vendor",
      readError: () => ({ problem: "unsure" as const, words: "Cart is empty" }),
    };
    const { commit } = converse({ vendor: own, secrets: [], http });
    await expect(commit({ method: "POST", url: `${url}/status/400`, json: {} })).rejects.toMatchObject({
      problem: "unsure",
    });
  });

  test("G19 a redirect is never followed, so a key never travels to another host", async () => {
    const conversation = converse({ vendor, secrets: [], http });
    await expect(
      conversation.ask({ method: "GET", url: `${url}/status/302`, headers: { authorization: "Bearer key" } }),
    ).rejects.toMatchObject({ problem: "connection" });
    expect(conversation.exchanges).toHaveLength(1);
  });

  test("secrets never stand in what is recorded", async () => {
    const conversation = converse({ vendor, secrets: ["s3cret/key"], http });
    await conversation.ask({
      method: "POST",
      url: `${url}/echo?key=${encodeURIComponent("s3cret/key")}`,
      json: { key: "s3cret/key" },
    });
    expect(JSON.stringify(conversation.exchanges)).not.toMatch(/s3cret/);
    expect(conversation.exchanges[0]).toMatchObject({ status: 200, kind: "ask" });
  });

  test.each([
    "http://127.0.0.1:9/",
    "http://localhost:9/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://169.254.169.254/",
    "https://10.0.0.1/",
    "https://user@example.com/",
    "ftp://example.com/",
    "nonsense",
  ])("%s may not be reached, because a merchant typed it", async (target) => {
    await expect(
      converse({ vendor, secrets: [], http }).ask({ method: "GET", url: target }),
    ).rejects.toMatchObject({ problem: expect.stringMatching(/connection|retry/) as string, lost: false });
  });
});

test.each([
  ["127.0.0.1", true],
  ["10.1.2.3", true],
  ["172.31.0.1", true],
  ["192.168.1.1", true],
  ["169.254.169.254", true],
  ["100.64.0.1", true],
  ["0.0.0.0", true],
  ["::1", true],
  ["::", true],
  ["fc00::1", true],
  ["fe80::1%eth0", true],
  ["::ffff:127.0.0.1", true],
  ["::ffff:7f00:1", true],
  ["64:ff9b::7f00:1", true],
  ["2002:7f00:1::", true],
  ["8.8.8.8", false],
  ["2606:4700::1111", false],
  ["::ffff:8.8.8.8", false],
  ["not an address", true],
])("the address %s is private: %s", (address, expected) => {
  expect(isPrivateAddress(address)).toBe(expected);
});

test.each([
  ["7", 7],
  ["0", 1],
  ["1000000000", 3600],
  ["Sun, 22 Nov 2026 10:00:30 GMT", 30],
  ["-5", undefined],
  ["soon", undefined],
  [undefined, undefined],
])("Retry-After %s means %s seconds", (header, seconds) => {
  expect(retryAfter(header, new Date("2026-11-22T10:00:00Z"))).toBe(seconds);
});

test("a secret is scrubbed as it is, in a URL and in JSON", () => {
  expect(scrub(`a"b/c ${encodeURIComponent('a"b/c')} ${JSON.stringify('a"b/c')}`, ['a"b/c'])).toBe(
    '••• ••• "•••"',
  );
});

function answer(path: string, response: ServerResponse): void {
  const status = /^\/status\/(\d+)/.exec(path)?.[1];
  if (status)
    return void response
      .writeHead(Number(status), {
        "content-type": "application/json",
        location: "http://127.0.0.1:1/",
        "retry-after": "7",
      })
      .end("{}");
  switch (path.split("?")[0]) {
    case "/reset":
      return void response.destroy();
    case "/never":
      return;
    case "/drip": {
      response.writeHead(200, { "content-type": "application/json" });
      const drop = setInterval(() => response.write(" "), 20);
      return void response.on("close", () => clearInterval(drop));
    }
    case "/endless":
      return void response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify("x".repeat(20_000)));
    case "/html":
      return void response.writeHead(200, { "content-type": "text/html" }).end("<html></html>");
    case "/truncated":
      response
        .writeHead(200, { "content-type": "application/json", "content-length": "100" })
        .write('{"id": 1');
      return void setTimeout(() => response.destroy(), 5);
    case "/empty":
      return void response.writeHead(200).end();
    default:
      return void response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ path, key: "s3cret/key" }));
  }
}
