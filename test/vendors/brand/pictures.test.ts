// Pictures on their way to dotcph: once, as links or as bytes, and never in a form it cannot show.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { kindOf, pictureBody } from "#app/vendors/brand/pictures.ts";
import { tinyPng } from "#sandbox/vendors/pictures.ts";
import { catalogue, itemOf, onlyVariant } from "./support.ts";
import { bodies, calls, mine, pictureHost, publish, pushes, standAgain, standIn } from "./world.ts";

const front = { url: "https://cdn.example.com/front.jpg?v=1", alt: "Front" };
const side = { url: "https://cdn.example.com/side.jpg?v=1" };
const imagesOf = (push: number) => bodies()[push]?.products[0]?.["images"];
const stored = () => (standIn.ledger()[0]?.body as { images: { url: string }[] }).images;

describe("as links", () => {
  test("C9 pictures that did not change are not sent again, so none stands there twice", async () => {
    const [first] = await publish([itemOf({ images: [front, side] })]);
    const [second] = await publish([itemOf({ title: "New", images: [front, side] })], {
      notes: [first?.notes],
    });
    const changed = itemOf({ images: [{ ...front, url: "https://cdn.example.com/front.jpg?v=2" }] });
    await publish([changed], { notes: [second?.notes] });

    expect(imagesOf(0)).toEqual([{ url: front.url, alt_text: "Front" }, { url: side.url }]);
    expect(bodies()[1]?.products[0]).not.toHaveProperty("images");
    expect(imagesOf(2)).toEqual([{ url: "https://cdn.example.com/front.jpg?v=2", alt_text: "Front" }]);
  });

  test("C9 a merchant whose pictures disappear can have them sent each time", async () => {
    const item = itemOf({ images: [front] }, { unchangedPictures: "send again" });
    const [first] = await publish([item]);
    await publish([item], { notes: [first?.notes] });

    expect(imagesOf(1)).toHaveLength(1);
  });

  test("another way of sending them is another item, so that it is published anew", () => {
    const ways = [{}, { pictures: "upload" }, { pictures: "none" }, { unchangedPictures: "send again" }];
    const items = ways.map((changed) => JSON.stringify(itemOf({ images: [front] }, changed)));

    expect(new Set(items).size).toBe(4);
  });

  test("a product that dotcph had lost gets its pictures with it again", async () => {
    const [first] = await publish([itemOf({ images: [front] })]);
    standIn.reset();

    const [again] = await publish([itemOf({ images: [front] })], { notes: [first?.notes] });

    expect(again).not.toHaveProperty("problem");
    expect(stored()).toMatchObject([{ url: front.url }]);
  });

  test("a product that lost its last picture says so with an empty list", async () => {
    const [first] = await publish([itemOf({ images: [front] })]);
    await publish([itemOf({ images: [] })], { notes: [first?.notes] });

    expect(imagesOf(1)).toEqual([]);
  });

  test("pictures of a refused product are sent again with it", async () => {
    standIn.refuse("FIBER-CHAIR-001", "no");
    const [first] = await publish([itemOf({ images: [front] })]);
    standIn.accept();

    await publish([itemOf({ images: [front] })], { notes: [first?.notes] });

    expect(stored()).toHaveLength(1);
  });
});

describe("as bytes", () => {
  const upload = { pictures: "upload" };
  const png = tinyPng("chair");
  const heic = Buffer.from("\0\0\0\x18ftypheic\0\0\0\0", "latin1");
  const leftOut = [302, 401, 403, 404, 415, 422, 451];
  const waiting = [408, 425, 429, 500, 503];
  let host: Awaited<ReturnType<typeof pictureHost>>;
  beforeEach(async () => {
    host = await pictureHost({
      "/front.jpg?v=1": png,
      "/phone.jpg": heic,
      "/poster.png": Buffer.concat([png, Buffer.alloc(20 * 1024 * 1024)]),
      ...Object.fromEntries([...leftOut, ...waiting].map((status) => [`/${status}.jpg`, status])),
    });
    // At the second of them nobody listens.
    await standAgain({}, [host.host, "127.0.0.1:1"]);
  });
  afterEach(() => host.stop());

  const photo = (path: string) => ({ url: `${host.url}${path}` });

  test("they arrive byte for byte, under the ending of what they are", async () => {
    const [answer] = await publish([itemOf({ images: [photo("/front.jpg?v=1")] }, upload)], {
      settings: upload,
    });

    expect(answer?.sentence).toBe("Created.");
    expect(imagesOf(0)).toEqual([{ data: png.toString("base64"), filename: "front.png" }]);
    const arrived = await fetch(stored()[0]?.url ?? "");
    expect(Buffer.from(await arrived.arrayBuffer()).equals(png)).toBe(true);
  });

  test("C9 they are fetched and sent once, while they do not change", async () => {
    const item = itemOf({ images: [photo("/front.jpg?v=1")] }, upload);
    const [first] = await publish([item]);
    await publish([item], { notes: [first?.notes] });

    expect(host.asked).toEqual(["/front.jpg?v=1"]);
    expect(bodies()[1]?.products[0]).not.toHaveProperty("images");
  });

  test("C17 one that is gone or of another kind is left out, with a word to the merchant", async () => {
    const images = [photo("/phone.jpg"), photo("/gone.jpg"), photo("/front.jpg?v=1")];

    const [answer] = await publish([itemOf({ images }, upload)]);

    expect(answer?.sentence).toBe(
      "Created. Picture 1 was left out: dotcph shows JPG, PNG, GIF and WebP only. Picture 2 was left out: it cannot be fetched.",
    );
    expect(imagesOf(0)).toHaveLength(1);
  });

  test("a picture larger than 20 MB is left out with a word to the merchant, and its product does not wait for it", async () => {
    const images = [photo("/poster.png"), photo("/front.jpg?v=1")];

    const [answer] = await publish([itemOf({ images }, upload)]);

    expect(answer).not.toHaveProperty("problem");
    expect(answer?.sentence).toBe("Created. Picture 1 was left out: it is larger than 20 MB.");
    expect(imagesOf(0)).toHaveLength(1);
  });

  test("C17 without picture storage at the agency no bytes are sent, but links", async () => {
    standIn.setStorage(false);
    const item = itemOf({ images: [photo("/front.jpg?v=1")] }, upload);

    const [answer] = await publish([item]);

    expect(imagesOf(0)).toEqual([{ url: `${host.url}/front.jpg?v=1` }]);
    expect(answer?.sentence).toContain("because your agency has no picture storage");
    standIn.setStorage(true);
    await publish([item], { notes: [answer?.notes] });
    expect(imagesOf(1)).toMatchObject([{ filename: "front.png" }]);
  });

  const chair = (sku: string, url: string) =>
    itemOf({ title: sku, variants: [onlyVariant({ sku })], images: [{ url }] }, upload);

  test("a picture whose host redirects, refuses or is down concerns its own product only, and never the connection", async () => {
    const urls = [
      ...leftOut.map((status) => `${host.url}/${status}.jpg`),
      "http://127.0.0.1:2/not-allowed.jpg",
      ...waiting.map((status) => `${host.url}/${status}.jpg`),
      "http://127.0.0.1:1/down.jpg",
      `${host.url}/front.jpg?v=1`,
    ];
    const answers = await publish(urls.map((url, at) => chair(`CHAIR-${at}`, url)));

    const gone = { sentence: "Created. Picture 1 was left out: it cannot be fetched." };
    const later = {
      sentence:
        "Picture 1 cannot be fetched from 127.0.0.1 at the moment. The product is sent once it can be.",
      problem: "retry",
    };
    expect(answers.map(({ sentence, problem }) => ({ sentence, ...(problem && { problem }) }))).toEqual([
      ...[...leftOut, "not allowed"].map(() => gone),
      ...[...waiting, "down"].map(() => later),
      { sentence: "Created." },
    ]);
    expect(pushes()).toEqual([leftOut.length + 2]);
  });

  test("a product that waited for its picture has it once its host is well", async () => {
    await host.stop();
    const item = itemOf({ images: [photo("/front.jpg?v=1")] }, upload);
    const [before] = await publish([item]);
    await host.again();

    const [after] = await publish([item], { notes: [before?.notes] });

    expect(before?.problem).toBe("retry");
    expect(after?.sentence).toBe("Created.");
    expect(imagesOf(0)).toHaveLength(1);
  });

  test("a product that dotcph had lost is not done while its picture cannot be fetched", async () => {
    const item = itemOf({ images: [photo("/front.jpg?v=1")] }, upload);
    const [first] = await publish([item]);
    standIn.reset();
    await host.stop();
    const [second] = await publish([item], { notes: [first?.notes] });
    await host.again();

    const [third] = await publish([item], { notes: [{ ...first?.notes, ...second?.notes }] });

    expect([second?.problem, third?.sentence]).toEqual(["retry", "Updated."]);
    expect(stored()).toHaveLength(1);
  });

  test("a key that is refused stops the connection, also when a product waits for its picture", async () => {
    standIn.fault({ on: "POST /api/v1/products", kind: "revoked-key" });
    const items = [chair("CHAIR-1", `${host.url}/500.jpg`), chair("CHAIR-2", `${host.url}/front.jpg?v=1`)];

    await expect(publish(items)).rejects.toMatchObject({ problem: "connection" });
  });

  test("a host that stays silent is not asked for a hundred products one after the other", async () => {
    const silent = Array.from({ length: 8 }, (_, n) => chair(`CHAIR-${n}`, `http://127.0.0.1:1/${n}.jpg`));
    const other = chair("CHAIR-9", `${host.url}/front.jpg?v=1`);
    const talk = calls(upload);

    const items = [...silent, other].map((item) => ({ item, notes: {} }));
    const answers = await catalogue().publish(items, mine(upload), talk);

    expect(answers.map(({ problem }) => problem)).toEqual([...silent.map(() => "retry"), undefined]);
    expect(talk.exchanges.filter(({ url }) => url.includes(":1/"))).toHaveLength(5);
  });
});

test("C17 a picture is bytes or a link, never both", () => {
  const data = { data: "aGFsbG8h", filename: "a.png" };

  expect(pictureBody.safeParse({ ...data, alt_text: "A" }).success).toBe(true);
  expect(pictureBody.safeParse({ url: front.url }).success).toBe(true);
  expect(pictureBody.safeParse({ ...data, url: front.url }).success).toBe(false);
});

test.each([
  ["jpg", "\xff\xd8\xff\xe0"],
  ["png", "\x89PNG\r\n\x1a\n"],
  ["gif", "GIF89a"],
  ["webp", "RIFF\x10\0\0\0WEBPVP8 "],
  [undefined, "\0\0\0\x18ftypavif"],
  [undefined, "<svg/>"],
  [undefined, ""],
])("%s is known by its first bytes", (kind, start) => {
  expect(kindOf(Buffer.from(start, "latin1"))).toBe(kind);
});
