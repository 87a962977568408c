// Pictures on their way to dotcph: once, as links or as bytes, and never in a form it cannot show.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { kindOf, pictureBody } from "#app/vendors/brand/pictures.ts";
import { tinyPng } from "#sandbox/vendors/pictures.ts";
import { itemOf } from "./support.ts";
import { bodies, pictureHost, publish, standAgain, standIn } from "./world.ts";

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
  let host: Awaited<ReturnType<typeof pictureHost>>;
  beforeEach(async () => {
    host = await pictureHost({ "/front.jpg?v=1": png, "/phone.jpg": heic });
    await standAgain({}, [host.host]);
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

  test("a picture host that does not answer holds nothing for good", async () => {
    await host.stop();
    const item = itemOf({ images: [photo("/front.jpg?v=1")] }, upload);

    await expect(publish([item])).rejects.toMatchObject({ problem: "retry" });
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
