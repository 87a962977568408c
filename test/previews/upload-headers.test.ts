// A photo's header says how large it is: what claims too much is refused at the door, before a process is started.
import "./folder.ts";
import type { Sharp } from "sharp";
import { beforeEach, expect, test } from "vitest";
import { normalise } from "#app/previews/normalise.server.ts";
import { receivePhoto } from "#app/previews/upload-body.server.ts";
import { testDatabase } from "#test/support/database.ts";
import { aShop, shop } from "#test/support/road.ts";
import { anAttacker, noPhotos, pngThatClaims } from "./attacker.ts";
import { aForm, aPhoto } from "./shopper.ts";

const database = testDatabase();
beforeEach(() => aShop(database.pool, shop));
const { accepted, children, refused } = anAttacker(database);

const tooMany = { status: 422, body: { error: { code: "too_many_pixels" } } };

test("S8 and threat 8: a PNG of a few kilobytes that claims 30,000 × 30,000 pixels is refused by its header", async () => {
  expect(await refused(aForm(pngThatClaims(30_000, 30_000)))).toEqual(tooMany);
});

test("S8 and threat 8: the process that takes pictures apart does not believe that somebody looked before", async () => {
  for (const [width, height] of [
    [30_000, 30_000],
    [9_000, 7_000],
    [20_001, 401],
  ] as const) {
    const childrenBefore = children();
    const outcome = await normalise(pngThatClaims(width, height));
    expect(outcome).toEqual({ kind: "refused", code: "too_many_pixels" });
    expect(children()).toBe(childrenBefore + 1);
  }
});

test("S8 a picture of more than 60 megapixels is refused although each side is allowed", async () => {
  expect(await refused(aForm(pngThatClaims(9_000, 7_000)))).toEqual(tooMany);
});

test("S8 a picture that is only a strip is refused", async () => {
  expect(await refused(aForm(pngThatClaims(20_001, 401)))).toEqual(tooMany);
  expect(await accepted(await aPhoto(2000, 399))).toMatchObject({ error: "too_small" });
});

// How each kind says 640 × 480, and how it would say 16,384 × 16,384 or more.
const claims: [string, (picture: Sharp) => Sharp, string, string][] = [
  ["a JPEG", (picture) => picture.jpeg(), "01e00280", "ffffffff"],
  [
    "a JPEG behind its camera's words",
    (picture) =>
      picture
        .jpeg()
        .withIccProfile("p3")
        .withExif({ IFD0: { Artist: "x".repeat(9000) } }),
    "01e00280",
    "ffffffff",
  ],
  ["a PNG", (picture) => picture.png(), "00000280000001e0", "0000753000007530"],
  ["a WebP", (picture) => picture.webp(), "8002e001", "ff3fff3f"],
  ["a lossless WebP", (picture) => picture.webp({ lossless: true }), "2f7fc27700", "2fffffff0f"],
  ["a WebP with a profile", (picture) => picture.webp().withIccProfile("p3"), "7f0200df0100", "ffff00ffff00"],
  ["an AVIF", (picture) => picture.avif(), "00000280000001e0", "0000753000007530"],
];

test.each(claims)(
  "S8 and threat 8: %s is taken as it is, and refused by its header when that claims too much",
  async (_name, finish, said, lied) => {
    const photo = await aPhoto(640, 480, finish);
    expect(await accepted(photo)).toMatchObject({ state: "ready", width: 640, height: 480 });
    await database.empty();
    await aShop(database.pool, shop);
    const at = photo.indexOf(Buffer.from(said, "hex"));
    expect(at).toBeGreaterThan(0);
    photo.set(Buffer.from(lied, "hex"), at);
    expect(await refused(aForm(photo))).toEqual(tooMany);
  },
);

test("S8 a header that is cut off or turns in circles is not read for ever", async () => {
  const photo = await aPhoto(640, 480, (picture) => picture.avif());
  const fill = Buffer.alloc(5000, 0xff);
  for (const bytes of [
    Buffer.concat([Buffer.from([0xff, 0xd8]), fill]),
    Buffer.from([0xff, 0xd8, 0xff]),
    Buffer.concat([
      Buffer.from([0xff, 0xd8]),
      ...Array.from({ length: 500 }, () => Buffer.from("ffe00000", "hex")),
    ]),
    photo.subarray(0, 40),
    Buffer.concat([Buffer.from("RIFF\0\0\0\0WEBPVP8 ", "latin1")]),
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
  ])
    expect(await accepted(bytes)).toMatchObject({ state: "failed", error: "type" });
});

/** Milliseconds of this process's CPU that the refusal alone takes: the middle one of nine. */
async function costOfRefusal(make: () => FormData): Promise<number> {
  const costs: number[] = [];
  for (let tries = 0; tries < 9; tries++) {
    // What the sender does, encoding the form, is none of our cost.
    const encoded = new Response(make());
    const contentType = encoded.headers.get("content-type") ?? "";
    const request = new Request("https://makerlane.test/x", {
      method: "POST",
      body: await encoded.arrayBuffer(),
      headers: { "content-type": contentType },
    });
    const before = process.cpuUsage();
    const answer = await receivePhoto(request, { maxBytes: 4 * 1024 * 1024 }).catch(
      (error: unknown) => error,
    );
    const { user, system } = process.cpuUsage(before);
    expect(answer).toBeInstanceOf(Response);
    costs.push((user + system) / 1000);
  }
  return costs.sort((one, other) => one - other)[4] ?? Infinity;
}

test("S8 each refusal takes less than 100 ms of CPU, and nothing is decoded for it", async () => {
  const bombs: [string, Buffer][] = [
    ["a PNG bomb", pngThatClaims(30_000, 30_000)],
    ["a strip", pngThatClaims(20_001, 401)],
    ["a file over the limit", Buffer.concat([await aPhoto(), Buffer.alloc(5 * 1024 * 1024)])],
  ];
  const childrenBefore = children();
  for (const [name, bytes] of [...noPhotos, ...bombs])
    expect(await costOfRefusal(() => aForm(bytes)), name).toBeLessThan(100);
  expect(children()).toBe(childrenBefore);
});
