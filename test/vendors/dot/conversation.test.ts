// The conversation with MGE DOT over real HTTP: what is said, in which order, and what a lost answer leads to.
import { expect, test } from "vitest";
import { dot } from "#app/vendors/dot/index.ts";
import {
  aPreview,
  kit,
  orders,
  payloadOf,
  pictures,
  problemOf,
  sku,
  storedKit,
  world,
  type World,
} from "./world.ts";

const submitRoute = "POST /api/v1/order-drafts/*/submit/";
const linked = ({ photos }: World): ReturnType<typeof kit> => kit({ _dot_asset_url: `${photos.url}/p.jpg` });

/** What MGE saw, with the draft's number as `*`. */
function said({ seen }: World): string[] {
  return seen().map((line) => line.replace(/order-drafts\/\d+/, "order-drafts/*").replace("/api/v1", ""));
}

const calm = ["POST /order-drafts/", "POST /order-drafts/*/validate/", "POST /order-drafts/*/submit/"];

test("an order goes as a draft that is checked and then submitted, once", async () => {
  const mge = await world();
  const receipt = await orders().submit(payloadOf([linked(mge)]), mge.settings, mge.calls());

  expect(said(mge)).toEqual(calm);
  expect(receipt.number).toMatch(/^MGE/);
  expect(mge.mge.ledger()).toMatchObject([
    { number: receipt.number, reference: "M-1001-a", lines: [{ sku, quantity: 2 }] },
  ]);
});

test("the photo's host is never told MGE's key", async () => {
  const mge = await world();
  await orders().submit(payloadOf([linked(mge)]), mge.settings, mge.calls());

  expect(mge.photos.asked).toHaveLength(1);
  expect(mge.photos.asked[0]?.headers["range"]).toBe("bytes=0-1023");
  expect(JSON.stringify(mge.photos.asked)).not.toContain("mge_sk_demo");
});

test("M11 when the answer to a submit is lost, the order is found by its draft and not sent again", async () => {
  const mge = await world();
  const [payload, calls] = [payloadOf([linked(mge)]), mge.calls()];
  mge.mge.fault({ on: submitRoute, kind: "reset-after" });

  expect((await problemOf(() => orders().submit(payload, mge.settings, calls))).problem).toBe("unsure");
  const probe = await orders().probe(payload, mge.settings, calls);

  expect(probe).toMatchObject({ found: { number: mge.mge.ledger()[0]?.number } });
  expect(said(mge).filter((line) => line.endsWith("/submit/"))).toHaveLength(1);
});

test("M12 a submit that never arrived is sent again for the same draft with the same key", async () => {
  const mge = await world();
  const [payload, calls] = [payloadOf([linked(mge)]), mge.calls()];
  mge.mge.fault({ on: submitRoute, kind: "error-not-done" });

  await problemOf(() => orders().submit(payload, mge.settings, calls));
  expect(await orders().probe(payload, mge.settings, calls)).toEqual({ sendAgain: true });
  const receipt = await orders().submit(payload, mge.settings, calls);

  const submits = mge.mge.requests().filter(({ path }) => path.endsWith("/submit/"));
  expect(new Set(submits.map(({ path }) => path)).size).toBe(1);
  expect(submits.map(({ headers }) => headers["idempotency-key"])).toEqual(["M-1001-a", "M-1001-a"]);
  expect(mge.mge.ledger().map(({ number }) => number)).toEqual([receipt.number]);
});

test("a next try takes the order that an earlier submit has made meanwhile", async () => {
  const mge = await world();
  const [payload, calls] = [payloadOf([linked(mge)]), mge.calls()];
  mge.mge.fault({ on: submitRoute, kind: "reset-after" });
  await problemOf(() => orders().submit(payload, mge.settings, calls));

  const receipt = await orders().submit(payload, mge.settings, calls);

  expect(mge.mge.ledger().map(({ number }) => number)).toEqual([receipt.number]);
  expect(said(mge).filter((line) => line.endsWith("/submit/"))).toHaveLength(1);
});

test("M21 a draft that waited too long is checked again before it is submitted", async () => {
  let now = new Date("2026-11-22T09:00:00Z");
  const mge = await world({}, { now: () => now });
  const [payload, calls] = [payloadOf([linked(mge)]), mge.calls()];
  mge.mge.fault({ on: submitRoute, kind: "too-many", retryAfterSeconds: 1 });
  expect((await problemOf(() => orders().submit(payload, mge.settings, calls))).problem).toBe("retry");

  now = new Date("2026-11-22T10:30:00Z");
  calls.now = now;
  await orders().submit(payload, mge.settings, calls);

  expect(said(mge)).toEqual([...calm, "POST /order-drafts/*/validate/", "POST /order-drafts/*/submit/"]);
  expect(mge.mge.ledger()).toHaveLength(1);
});

test("a draft that is still ready is submitted without another check", async () => {
  const now = new Date("2026-11-22T09:00:00Z");
  const mge = await world({}, { now: () => now });
  const [payload, calls] = [payloadOf([linked(mge)]), mge.calls({ now })];
  mge.mge.fault({ on: submitRoute, kind: "too-many" });
  await problemOf(() => orders().submit(payload, mge.settings, calls));
  await orders().submit(payload, mge.settings, calls);

  expect(said(mge)).toEqual([...calm, "POST /order-drafts/*/submit/"]);
});

test("a corrected order fills the same draft anew, so that there is never a second one", async () => {
  const mge = await world();
  const calls = mge.calls();
  const wrong = payloadOf([{ ...linked(mge), product: { sku: "DOT/VF/10X10/W/BLACK/STD" } }]);
  const problem = await problemOf(() => orders().submit(wrong, mge.settings, calls));

  expect(problem.problem).toBe("rejected");
  expect(problem.message).toContain("Line 1 (DOT/VF/10X10/W/BLACK/STD)");
  await orders().submit(payloadOf([linked(mge)]), mge.settings, calls);

  expect(said(mge).filter((line) => line === "POST /order-drafts/")).toHaveLength(1);
  expect(mge.mge.ledger()).toMatchObject([{ lines: [{ sku }] }]);
});

test.each(["upload", "from-url"])(
  "a photo sent by %s reaches the draft once, even over a broken try",
  async (artworkTransfer) => {
    const mge = await world({ artworkTransfer });
    const payload = payloadOf([linked(mge), storedKit(`${mge.photos.url}/p.jpg`)], {
      settings: { artworkTransfer },
    });
    const artworks = {
      "art-1": { filename: "Ana at home.jpg", contentType: "image/jpeg", bytes: pictures.jpeg },
    };
    const calls = mge.calls({ artworks });
    mge.mge.fault({ on: "PATCH /api/v1/order-drafts/*/", kind: "error-not-done" });

    expect((await problemOf(() => orders().submit(payload, mge.settings, calls))).problem).toBe("retry");
    await orders().submit(payload, mge.settings, calls);

    const door =
      artworkTransfer === "upload" ? "POST /order-drafts/*/assets/" : "POST /order-drafts/*/assets/from-url/";
    expect(said(mge)).toEqual([
      "POST /order-drafts/",
      door,
      door,
      "PATCH /order-drafts/*/",
      "PATCH /order-drafts/*/",
      "POST /order-drafts/*/validate/",
      "POST /order-drafts/*/submit/",
    ]);
    expect(JSON.stringify(mge.mge.requests())).not.toContain("Ana at home");
    expect(mge.mge.ledger()[0]?.lines).toHaveLength(2);
    expect(mge.mge.ledger()[0]?.lines[1]?.detail["asset_params"]).toMatchObject({ source_width: 3000 });
  },
);

test("M13 an order whose preview has expired is held and not painted from the photo by itself", async () => {
  const mge = await world();
  const { optionId, previewId } = await aPreview(mge);
  const both = kit({
    _dot_preview_option_id: optionId,
    _dot_preview_id: previewId,
    _dot_asset_url: `${mge.photos.url}/p.jpg`,
  });
  const calls = mge.calls();
  mge.mge.fault({ on: submitRoute, kind: "expired-preview" });
  const problem = await problemOf(() => orders().submit(payloadOf([both]), mge.settings, calls));

  expect(problem.problem).toBe("rejected");
  expect(problem.message).toContain("has expired");
  expect(mge.mge.ledger()).toEqual([]);

  const instead = payloadOf([both], { settings: { artworkSource: "photo" } });
  await orders().submit(instead, mge.settings, calls);
  expect(mge.mge.ledger()[0]?.lines[0]?.detail).not.toHaveProperty("preview_option_id");
});

test("M16 a direct order whose answer is lost is held, because it may exist at MGE", async () => {
  const mge = await world({ submission: "direct" });
  const payload = payloadOf([linked(mge)], { settings: { submission: "direct" } });
  const calls = mge.calls();
  mge.mge.fault({ on: "POST /api/v1/orders/", kind: "reset-after" });

  expect((await problemOf(() => orders().submit(payload, mge.settings, calls))).problem).toBe("unsure");
  expect(await orders().probe(payload, mge.settings, calls)).toMatchObject({
    cannotTell: expect.stringContaining("may exist at MGE") as string,
  });
  expect(mge.mge.ledger()).toHaveLength(1);
});

test("M16 an order for which no connection could be made is simply tried again", async () => {
  const mge = await world({ submission: "direct" });
  const payload = payloadOf([linked(mge)], { settings: { submission: "direct" } });
  await mge.mge.stop();

  expect((await problemOf(() => orders().submit(payload, mge.settings, mge.calls()))).problem).toBe("retry");
});

test("a direct order from a preview is sent after a look at what the preview offers", async () => {
  const mge = await world({ submission: "direct" });
  const { optionId, previewId } = await aPreview(mge);
  const line = (product: string): ReturnType<typeof kit> => ({
    ...kit({ _dot_preview_option_id: optionId, _dot_preview_id: previewId }),
    product: { sku: product },
  });
  const send = (product: string): Promise<unknown> =>
    orders().submit(
      payloadOf([line(product)], { settings: { submission: "direct" } }),
      mge.settings,
      mge.calls(),
    );

  await send(sku);
  expect((await problemOf(() => send("DOT/VF/60X80/W/BLACK/STD"))).problem).toBe("rejected");
  expect(mge.mge.ledger()).toMatchObject([{ lines: [{ sku }] }]);
});

test("M23 a revoked key pauses the connection and leaves the order as it was", async () => {
  const mge = await world({ submission: "direct" });
  const { optionId, previewId } = await aPreview(mge);
  const line = kit({ _dot_preview_option_id: optionId, _dot_preview_id: previewId });
  const payload = payloadOf([line], { settings: { submission: "direct" } });
  mge.mge.fault({ on: "GET /api/v1/preview/*/purchase-options/", kind: "revoked-key" });

  expect((await problemOf(() => orders().submit(payload, mge.settings, mge.calls()))).problem).toBe(
    "connection",
  );
  expect(mge.mge.ledger()).toEqual([]);
});

test("an order that is changed after a lost submit leaves nothing behind that could still be made", async () => {
  const mge = await world();
  const [payload, calls] = [payloadOf([linked(mge)]), mge.calls()];
  mge.mge.fault({ on: submitRoute, kind: "error-not-done" });
  await problemOf(() => orders().submit(payload, mge.settings, calls));

  await orders().withdraw?.(payload, mge.settings, calls);
  const late = { authorization: "Bearer mge_sk_demo" };
  const draft = `${mge.mge.url}/api/v1/order-drafts/${String(calls.notes["draftId"])}/submit/`;
  expect((await fetch(draft, { method: "POST", headers: late })).status).toBe(400);
  expect(mge.mge.ledger()).toEqual([]);

  await orders().submit(payload, mge.settings, calls);
  expect(mge.mge.ledger()).toMatchObject([{ lines: [{ sku, quantity: 2 }] }]);
  expect(said(mge).filter((line) => line === "POST /order-drafts/")).toHaveLength(1);
});

test("an order that was made after all cannot be taken back, and the merchant reads its number", async () => {
  const mge = await world();
  const [payload, calls] = [payloadOf([linked(mge)]), mge.calls()];
  mge.mge.fault({ on: submitRoute, kind: "reset-after" });
  await problemOf(() => orders().submit(payload, mge.settings, calls));
  const problem = await problemOf(() => orders().withdraw?.(payload, mge.settings, calls));

  expect(problem.message).toContain(mge.mge.ledger()[0]?.number);
});

test("a draft that was never submitted is simply left when its order is cancelled", async () => {
  const mge = await world();
  const [payload, calls] = [payloadOf([linked(mge)]), mge.calls()];
  mge.mge.fault({ on: submitRoute, kind: "too-many" });
  await problemOf(() => orders().submit(payload, mge.settings, calls));
  const before = mge.seen().length;
  await orders().withdraw?.(payload, mge.settings, calls);

  expect(mge.seen()).toHaveLength(before);
});

test("the connection test names the brand, and the brands there are when the number is wrong", async () => {
  const mge = await world();

  expect(await dot.test(mge.settings, mge.calls())).toBe("Connected to MGE as Makerlane Demo.");
  const problem = await problemOf(() => dot.test({ ...mge.settings, brandId: 7 }, mge.calls()));
  expect(problem.message).toContain("116 (Makerlane Demo)");
  const elsewhere = { ...mge.settings, baseUrl: `${mge.mge.url}/shop` };
  expect((await problemOf(() => dot.test(elsewhere, mge.calls()))).message).toContain("no MGE API");
});

test("the pick-list finds kits by any of their words", async () => {
  const mge = await world();
  const found = (await dot.products?.(mge.settings, "60x80 frame/std", mge.calls())) ?? [];

  expect(found).toEqual([
    {
      label: "60 × 80 cm, With frame, black, STD",
      detail: "DOT/VF/60X80/W/BLACK/FRAME/STD",
      config: {
        sku: "DOT/VF/60X80/W/BLACK/FRAME/STD",
        family: "",
        size: "",
        frame: "",
        color: "",
        speed: "",
      },
    },
  ]);
});
