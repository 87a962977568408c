// A process of `npm run bench -- preview`: from the photo that a shopper chose to the first look, as the server has it,
// with the worker's real steps and timers and a vendor that takes no time, and two seconds, for a preview.
import sharp from "sharp";
import pg from "pg";
import { previews } from "#app/previews/preview-making.server.ts";
import { preparing } from "#app/previews/artwork-preparing.server.ts";
import { answerPreview, startPreview } from "#app/previews/preview-answers.server.ts";
import { takeUpload } from "#app/previews/upload.server.ts";
import type { Visitor } from "#app/previews/proxy-door.server.ts";
import type { Step } from "#app/queue.server.ts";
import { createHttp } from "#app/vendors/http.server.ts";
import { startDot } from "#sandbox/vendors/dot.ts";
import startTestPostgres from "#test/support/postgres.ts";
import { aConnection, aMapping, aShop, hostOf, shop } from "#test/support/road.ts";
import { load, median, sayFigure } from "./say.ts";

const kit = "DOT/VF/40X50/W/BLACK/STD";
const variant = "9001";
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

// What the widget sends: made smaller in the browser, up to 2400 pixels. Each is another picture: the same one is
// previewed once, whoever sends it.
async function aPhoto(seed: number): Promise<Blob> {
  const [width, height] = [300, 225];
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < pixels.length; at++)
    pixels[at] = (at * (seed + 3) + (at >> 7) * (seed * 37 + 11)) & 255;
  const raw = { width, height, channels: 3 as const };
  const photo = await sharp(pixels, { raw }).resize(2400, 1800).jpeg({ quality: 88 }).toBuffer();
  return new Blob([new Uint8Array(photo)]);
}

async function benchDelay(template: string, seconds: number, photos = 12): Promise<void> {
  const mge = await startDot({ port: 0, previewSeconds: seconds });
  const db = new pg.Pool({ connectionString: template, max: 10 });
  const http = createHttp({ allowedPrivateHosts: [hostOf(mge.url)] });
  // As the worker does: a wake-up runs its step.
  const wake = (step: Step): void => {
    if (step === "artwork") void preparing({ db, wake }, 2).then((work) => Promise.all(work));
    if (step === "previews") void previews({ db, http, wake }, 8).then((work) => Promise.all(work));
  };
  const sweep = setInterval(() => {
    wake("artwork");
    wake("previews");
  }, 3000);
  await db.query(
    `TRUNCATE "Shop", "Connection", "Account", "Mapping", "Artwork", "Preview", "RateBucket" CASCADE`,
  );
  await aShop(db);
  const settings = { baseUrl: mge.url, apiKey: "mge_sk_demo", brandId: 116 };
  const connectionId = await aConnection(db, { vendor: "dot", settings });
  await aMapping(db, { variantId: variant, connectionId, product: { sku: kit } });

  const times: number[] = [];
  for (let photo = 0; photo < photos; photo++) times.push(await oneLook({ db, wake }, photo));
  clearInterval(sweep);
  const sorted = times.toSorted((a, b) => a - b);
  sayFigure({
    what: `photo chosen to first look, vendor takes ${seconds} s`,
    unit: "ms",
    ours: median(times),
    p95: sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN,
    photos,
    load: load(),
  });
  await db.end();
  await http.close();
  await mge.stop();
}

async function oneLook(
  { db, wake }: { db: pg.Pool; wake: (step: Step) => void },
  photo: number,
): Promise<number> {
  const browser = photo.toString(16).padStart(32, "0");
  const visitor: Visitor = { shop, base: "/apps/dot", address: `198.51.100.${photo}`, host: shop };
  const form = new FormData();
  for (const [name, value] of Object.entries({ browser, product: "8001", variant })) form.set(name, value);
  form.set("photo", await aPhoto(photo), "photo.jpg");
  const begun = performance.now();
  const url = "https://makerlane.test/x";
  const request = new Request(url, { method: "POST", body: form });
  const { artwork } = (await (await takeUpload({ db, wake }, { visitor, request })).json()) as {
    artwork: string;
  };
  const body = JSON.stringify({ browser, artwork, variant });
  const asked = await startPreview({ db, wake }, visitor, new Request(url, { method: "POST", body }));
  const { preview } = (await asked.json()) as { preview: string };
  for (;;) {
    const answer = await answerPreview(db, visitor, { id: preview, browser });
    const { looks, state } = (await answer.json()) as { looks: unknown[]; state: string };
    if (looks.length > 0) return performance.now() - begun;
    if (state === "failed") throw new Error("a preview failed");
    await pause(50);
  }
}

const stop = await startTestPostgres();
const template = (process.env["TEST_POSTGRES"] ?? "").replace(/\/postgres$/, "/makerlane_template");
for (const seconds of [0, 2]) await benchDelay(template, seconds);
await stop();
process.exit(0);
