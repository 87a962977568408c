// Photos that MGE DOT could not print hold the order before MGE hears of it, and never pause the connection.
import { expect, test } from "vitest";
import { dot } from "#app/vendors/dot/index.ts";
import { memoryCalls } from "#test/vendors/calls.ts";
import {
  baseSettings,
  host,
  kit,
  orders,
  payloadOf,
  pictures,
  problemOf,
  wireTo,
  type Answer,
} from "./world.ts";

/** Sends a kit whose photo link gives this; answers with what MGE was asked, and the problem if there was one. */
async function send(answers: Record<string, Answer | Answer[]>, settings: Record<string, unknown> = {}) {
  const mge = await host({
    "POST /api/v1/order-drafts/": { status: 201, json: { id: 184 } },
    "POST /api/v1/order-drafts/184/assets/": {
      status: 201,
      json: { asset_token: "22222222-2222-2222-2222-222222222222" },
    },
    "PATCH /api/v1/order-drafts/184/": { json: { id: 184 } },
    "POST /api/v1/order-drafts/184/validate/": { json: { valid: true, status: "READY" } },
    "POST /api/v1/order-drafts/184/submit/": { status: 201, json: { id: "MGE1" } },
  });
  const photos = await host(answers);
  const all = { ...baseSettings, baseUrl: mge.url, ...settings };
  const payload = payloadOf([kit({ _dot_asset_url: `${photos.url}/p` })], { settings });
  const calls = memoryCalls({ vendor: dot, settings: all, http: wireTo(mge.url, photos.url) });
  const submit = () => orders().submit(payload, all, calls);
  return { mge, photos, submit };
}

const as = (type: string): Record<string, string> => ({ "content-type": type });

test.each<[string, Answer, string]>([
  ["is gone", { status: 404 }, "no longer"],
  ["asks for a login", { status: 401 }, "no longer"],
  ["is a web page", { body: pictures.page }, "JPEG, PNG or WebP"],
  [
    "is a web page that says it is a picture",
    { body: pictures.page, headers: as("image/jpeg") },
    "JPEG, PNG or WebP",
  ],
  [
    "is a picture that says it is a web page",
    { body: pictures.jpeg, headers: as("text/html") },
    "JPEG, PNG or WebP",
  ],
  ["is HEIC", { body: pictures.heic, headers: as("image/heic") }, "HEIC"],
  ["is HEIC under another name", { body: pictures.heic, headers: as("image/jpeg") }, "HEIC"],
  ["is a PDF", { body: "%PDF-1.7", headers: as("application/pdf") }, "JPEG, PNG or WebP"],
])("M17 an order whose photo %s is held before MGE is called", async (_what, answer, words) => {
  const { mge, submit } = await send({ "GET /p": answer });
  const problem = await problemOf(submit);

  expect(problem.problem).toBe("rejected");
  expect(problem.message).toContain(words);
  expect(mge.asked).toEqual([]);
});

test("M17 a direct order with a dead photo link is held before MGE is called", async () => {
  const { mge, submit } = await send({ "GET /p": { status: 404 } }, { submission: "direct" });

  expect((await problemOf(submit)).problem).toBe("rejected");
  expect(mge.asked).toEqual([]);
});

test.each([
  ["JPEG", pictures.jpeg, "image/jpeg"],
  ["PNG", pictures.png, "image/png; charset=binary"],
  ["WebP", pictures.webp, "image/webp"],
  ["JPEG from a plain store", pictures.jpeg, "application/octet-stream"],
])("M17 a %s photo is fine", async (_what, body, type) => {
  const { submit } = await send({ "GET /p": { body, headers: as(type) } });

  expect(await submit()).toEqual({ number: "MGE1" });
});

test("a photo whose host has trouble is tried again later", async () => {
  const { mge, submit } = await send({ "GET /p": { status: 503 } });

  expect((await problemOf(submit)).problem).toBe("retry");
  expect(mge.asked).toEqual([]);
});

test("a photo that moved is followed, but not for ever", async () => {
  const moved = { status: 302, headers: { location: "/q" } };
  const { submit } = await send({
    "GET /p": moved,
    "GET /q": { body: pictures.jpeg, headers: as("image/jpeg") },
  });
  const circle = await send({ "GET /p": { status: 302, headers: { location: "/p" } } });

  expect(await submit()).toEqual({ number: "MGE1" });
  expect((await problemOf(circle.submit)).problem).toBe("rejected");
  expect(circle.photos.asked).toHaveLength(4);
});

test("a link to a private address holds its order and does not pause the connection", async () => {
  const { mge, submit } = await send({
    "GET /p": { status: 302, headers: { location: "http://127.0.0.1:9/" } },
  });
  const problem = await problemOf(submit);

  expect(problem.problem).toBe("rejected");
  expect(problem.message).toContain("cannot be used");
  expect(mge.asked).toEqual([]);
});

test("an uploaded photo goes under the merchant's field name and a neutral file name", async () => {
  const { mge, submit } = await send(
    { "GET /p": { body: pictures.jpeg, headers: as("image/jpeg") } },
    { artworkTransfer: "upload", uploadField: "file" },
  );
  await submit();
  const upload = mge.asked.find(({ path }) => path.endsWith("/assets/"));

  expect(upload?.headers["content-type"]).toContain("multipart/form-data");
  expect(upload?.body).toContain('name="file"; filename="line-1.jpg"');
  expect(upload?.body.length).toBeGreaterThan(3000);
});

test("the token of an uploaded photo is put on its line", async () => {
  const { mge, submit } = await send(
    { "GET /p": { body: pictures.jpeg, headers: as("image/jpeg") } },
    { artworkTransfer: "upload" },
  );
  await submit();
  const { body } = mge.asked.find(({ method }) => method === "PATCH") ?? { body: "" };

  expect(JSON.parse(body)).toMatchObject({
    reference_id: "M-1001-a",
    line_items: [{ asset_token: "22222222-2222-2222-2222-222222222222" }],
  });
});
