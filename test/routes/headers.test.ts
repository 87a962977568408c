// What stands around every kind of page that the running web process sends: who may frame it, and what a browser may
// do with it. The pages are the built ones.
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildIfNeeded } from "#sandbox/demo/build.ts";
import { testDatabase } from "#test/support/database.ts";
import { startWeb, type Web } from "./web.ts";

const database = testDatabase();
const browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";
const shop = "demo.myshopify.com";
const inAdmin = `shop=${shop}&host=${encodeURIComponent(btoa("admin.shopify.com/store/demo"))}&embedded=1`;
let web: Web | undefined;

beforeAll(async () => {
  await buildIfNeeded();
  web = await startWeb({ DATABASE_URL: database.url });
}, 180_000);
afterAll(() => void web?.child.kill("SIGKILL"));

async function get(path: string): Promise<Response> {
  return fetch(`${web?.url ?? ""}${path}`, { redirect: "manual", headers: { "user-agent": browser } });
}

test.each([
  ["the way in", "/auth/login", 200],
  ["a page that is not there", "/nothing-here", 404],
  ["the start", "/", 302],
  ["the app without Shopify around it", "/app", 302],
  ["the app for the first time in Shopify's admin", `/app?${inAdmin}`, 302],
  ["the page that asks the admin for a token", `/auth/session-token?${inAdmin}`, 200],
  ["a photo's page whose link is not ours", "/photo/nonsense", 404],
  ["a picture whose link is not ours", "/artwork/nonsense", 403],
  ["the shop's proxy without its signature", "/proxy/photo", 403],
  ["a file that was never built", "/assets/none.js", 404],
])("%s carries the rules for a browser, and no cookie", async (_what, path, status) => {
  const answer = await get(path);

  const { headers } = answer;
  expect(answer.status).toBe(status);
  expect(headers.get("strict-transport-security")).toContain("max-age=31536000");
  expect(headers.get("x-content-type-options")).toMatch(/^nosniff/);
  expect(headers.get("referrer-policy")).not.toBeNull();
  expect(headers.get("permissions-policy")).toContain("camera=()");
  expect(headers.get("x-powered-by")).toBeNull();
  expect(headers.getSetCookie()).toEqual([]);
});

test.each(["/auth/login", "/photo/nonsense"])("nobody may put %s into a frame", async (path) => {
  const policy = (await get(path)).headers.get("content-security-policy") ?? "";

  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toMatch(/object-src 'none'|default-src 'none'/);
  expect(policy).toContain("base-uri");
});

test("only Shopify's admin may frame a shop's page, and nobody gets into that by calling a shop so", async () => {
  const policyOf = async (name: string): Promise<string> => {
    const query = new URLSearchParams({
      shop: name,
      host: btoa("admin.shopify.com/store/demo"),
      embedded: "1",
    });
    return (await get(`/auth/session-token?${query}`)).headers.get("content-security-policy") ?? "";
  };

  expect(await policyOf(shop)).toMatch(
    /^frame-ancestors https:\/\/demo\.myshopify\.com https:\/\/admin\.shopify\.com /,
  );
  for (const name of ["evil.example.com", `${shop} https://evil.example.com`, `${shop};script-src *`])
    expect(await policyOf(name)).not.toMatch(/evil|script-src/);
});

test("an address that leads nowhere, asked for or posted to, leaves no token and no loose text in the log", async () => {
  for (const path of ["/nothing-here", "/app/nothing-here", "/auth/nothing", "/photo/a/b/c"])
    for (const method of ["GET", "POST"]) {
      const answer = await fetch(`${web?.url ?? ""}${path}?${inAdmin}&id_token=canary`, {
        method,
        redirect: "manual",
        headers: { "user-agent": browser },
      });
      expect([path, answer.status < 500]).toEqual([path, true]);
      await answer.arrayBuffer();
    }
  const said = web?.said ?? [];
  expect(said.length).toBeGreaterThan(0);
  expect(said.join("\n")).not.toContain("canary");
  expect(said.filter((line) => !line.startsWith("{"))).toEqual([]);
});
