// How much one address, one browser and one shop may send, and what a ticket allows.
import "./folder.ts";
import { beforeEach, expect, test } from "vitest";
import { countOfDay, limitAddress, limitDay, takeFrom } from "#app/previews/limits.server.ts";
import { answerPreflight, giveTicket, takeDirectUpload } from "#app/previews/upload.server.ts";
import { testDatabase } from "#test/support/database.ts";
import { aShop, shop } from "#test/support/road.ts";
import { aBrowser, aForm, aPhoto, aVisitor, posted, rowOf, said, upload, type Said } from "./shopper.ts";

const database = testDatabase();
beforeEach(() => aShop(database.pool, shop));

const count = async (): Promise<number> => (await database.pool.query(`SELECT 1 FROM "Artwork"`)).rows.length;
const refusal = async (work: Promise<unknown>): Promise<unknown> =>
  (await said(work.then(() => Response.json({})))).body.error;

test("S9 and threat 7: the eleventh photo of an address within ten minutes is told when to come again", async () => {
  const address = { headers: { "x-forwarded-for": "203.0.113.9" } };
  for (let sent = 0; sent < 10; sent++) await limitAddress(database.pool, shop, "203.0.113.9");
  const answer = await upload(database.pool, aForm(await aPhoto()), address);
  expect(answer).toMatchObject({ status: 429, body: { error: { code: "busy" } } });
  expect(answer.body.error?.seconds).toBeGreaterThan(50);
  expect(await count()).toBe(0);
  await database.later("61 seconds");
  expect(await upload(database.pool, aForm(await aPhoto()), address)).toMatchObject({ status: 202 });
  expect(await upload(database.pool, aForm(await aPhoto()), address)).toMatchObject({ status: 429 });
});

test("S9 and threat 7: a browser sends twenty photos a day, and the next day again", async () => {
  const browser = aBrowser();
  for (let sent = 0; sent < 20; sent++) await limitDay(database.pool, shop, browser);
  expect(await refusal(limitDay(database.pool, shop, browser))).toMatchObject({ code: "quota" });
  await limitDay(database.pool, shop, aBrowser());
  await database.later("1 day");
  await limitDay(database.pool, shop, browser);
});

test("S9 and threat 7: what a shop takes in a day is the merchant's number, and nothing is stored beyond it", async () => {
  await database.pool.query(`UPDATE "Shop" SET "photosPerDay" = 2`);
  const answers: Said[] = [];
  for (let sent = 0; sent < 4; sent++) answers.push(await upload(database.pool, aForm(await aPhoto())));
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 429, 429]);
  expect(await count()).toBe(2);
  // Not even hour by hour through the day; the merchant may raise the number, and the next day has its own.
  await database.later("23 hours");
  expect(await upload(database.pool, aForm(await aPhoto()))).toMatchObject({ status: 429 });
  await database.pool.query(`UPDATE "Shop" SET "photosPerDay" = 3`);
  expect(await upload(database.pool, aForm(await aPhoto()))).toMatchObject({ status: 202 });
  const { body } = await upload(database.pool, aForm(await aPhoto()));
  expect(body.error).toMatchObject({ code: "quota" });
  expect(body.error?.seconds).toBeLessThanOrEqual(3600);
  await database.later("1 hour");
  expect(await upload(database.pool, aForm(await aPhoto()))).toMatchObject({ status: 202 });
});

test("S9 fifty takers at once get exactly as many pieces as there are", async () => {
  const limit = { name: "race", size: 10, seconds: 600 };
  const taken = await Promise.all(Array.from({ length: 50 }, () => takeFrom(database.pool, shop, limit)));
  expect(taken.filter((seconds) => seconds === undefined)).toHaveLength(10);
  const ofDay = { name: "day", most: 10 };
  const counted = await Promise.all(Array.from({ length: 50 }, () => countOfDay(database.pool, shop, ofDay)));
  expect(counted.filter((seconds) => seconds === undefined)).toHaveLength(10);
});

test("S9 an address is not kept, only a mark of it", async () => {
  await limitAddress(database.pool, shop, "203.0.113.9");
  const { rows } = await database.pool.query<{ name: string }>(`SELECT name FROM "RateBucket"`);
  expect(rows[0]?.name).not.toContain("203.0.113");
});

const world = {
  get db() {
    return database.pool;
  },
  wake: () => undefined,
};

async function aTicket(browser: string = aBrowser()): Promise<string> {
  const request = posted("/tickets", { browser, product: "1", variant: "2" });
  const { status, body } = await said(giveTicket(world, { visitor: await aVisitor(database.pool), request }));
  expect(status).toBe(200);
  expect(body["url"]).toBe("https://makerlane.test/u");
  return String(body["ticket"]);
}

async function direct(ticket: string, origin?: string, now?: Date): Promise<Response> {
  const form = new FormData();
  form.set("photo", new Blob([new Uint8Array(await aPhoto())]), "a.jpg");
  const request = new Request("https://makerlane.test/u", {
    method: "POST",
    body: form,
    headers: { authorization: `Bearer ${ticket}`, ...(origin !== undefined && { origin }) },
  });
  return takeDirectUpload(world, request, { ...(now && { now }) });
}

test("threat 19: a ticket lets one photo in, from the shop's own pages, and only those may read the answer", async () => {
  for (const origin of ["https://kits.example.com", `https://${shop}`]) {
    const answer = await direct(await aTicket(), origin);
    expect(answer.status).toBe(202);
    expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    const { artwork } = (await answer.json()) as { artwork: string };
    expect(await rowOf(database.pool, artwork)).toMatchObject({ shop, state: "new", variantId: "2" });
  }
});

test("threat 19: a page elsewhere, or one that does not say where it is, cannot use a ticket", async () => {
  const ticket = await aTicket();
  for (const origin of [
    "https://evil.example",
    "http://kits.example.com",
    "https://kits.example.com.evil.example",
    "null",
    undefined,
  ]) {
    const answer = await direct(ticket, origin);
    expect(answer.status).toBe(403);
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  }
  expect(await count()).toBe(0);
  // None of these tries has used it up.
  expect((await direct(ticket, "https://kits.example.com")).status).toBe(202);
});

test("threat 19: a ticket is good once, for five minutes, and only as it was signed", async () => {
  const origin = "https://kits.example.com";
  const ticket = await aTicket();
  const both = await Promise.all([direct(ticket, origin), direct(ticket, origin)]);
  expect(both.map(({ status }) => status).sort()).toEqual([202, 401]);
  const later = new Date(Date.now() + 301_000);
  const late = await said(direct(await aTicket(), origin, later));
  expect(late).toEqual({ status: 401, body: { error: { code: "expired" } } });
  const [body = "", signature = ""] = ticket.split(".");
  const other = Buffer.from(Buffer.from(body, "base64url").toString().replace(shop, "evil.myshopify.com"));
  expect((await direct(`${other.toString("base64url")}.${signature}`, origin)).status).toBe(401);
  expect((await direct("", origin)).status).toBe(401);
  expect(await count()).toBe(1);
});

test("threat 7: a ticket counts as a photo of the day", async () => {
  const browser = aBrowser();
  await database.pool.query(`UPDATE "Shop" SET "photosPerDay" = 1`);
  await aTicket(browser);
  expect(await upload(database.pool, aForm(await aPhoto()))).toMatchObject({ status: 429 });
});

test("threat 19: a browser may ask first from a storefront that is known, and from nowhere else", async () => {
  await aVisitor(database.pool);
  const ask = (origin: string): Promise<Response> =>
    answerPreflight(
      world,
      new Request("https://makerlane.test/u", { method: "OPTIONS", headers: { origin } }),
    );
  const known = await ask("https://kits.example.com");
  expect(known.status).toBe(204);
  expect(known.headers.get("access-control-allow-origin")).toBe("https://kits.example.com");
  expect(known.headers.get("access-control-allow-headers")).toBe("authorization");
  for (const origin of ["https://evil.example", "null", "http://kits.example.com"]) {
    const answer = await ask(origin);
    expect(answer.status).toBe(403);
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  }
});

test("threat 7: more than 32 photos at once are asked to come again in five seconds, and lose nothing by it", async () => {
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const photo = await aPhoto();
  // A sender whose bytes are still on their way.
  const slowly = async (): Promise<Said> => {
    const encoded = new Response(aForm(photo));
    const bytes = new Uint8Array(await encoded.arrayBuffer());
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await held;
        controller.enqueue(bytes);
        controller.close();
      },
    });
    return upload(database.pool, body, {
      headers: { "content-type": encoded.headers.get("content-type") ?? "" },
    });
  };
  const ticket = await aTicket();
  const origin = "https://kits.example.com";
  let turnedAway = 0;
  let enough: () => void = () => undefined;
  const eight = new Promise<void>((resolve) => (enough = resolve));
  const senders = Array.from({ length: 40 }, async () => {
    const answer = await slowly();
    if (answer.status === 503 && ++turnedAway === 8) enough();
    return answer;
  });
  await eight;
  const busy = { status: 503, body: { error: { code: "busy", seconds: 5 } } };
  expect(await said(direct(ticket, origin))).toEqual(busy);
  expect(await count()).toBe(0);
  letGo();
  const answers = await Promise.all(senders);
  expect(answers.filter(({ status }) => status === 202)).toHaveLength(32);
  expect(answers.filter(({ status }) => status === 503)).toEqual(Array.from({ length: 8 }, () => busy));
  expect((await direct(ticket, origin)).status).toBe(202);
});
