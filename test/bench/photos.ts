// A process of `npm run bench -- preview`, the part before a vendor: how fast photos are prepared and with how much
// memory, and what fifty uploads at once take. One JSON line each.
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { normalise } from "#app/previews/normalise.server.ts";
import { receivePhoto } from "#app/previews/upload-body.server.ts";
import { load, median, sayFigure } from "./say.ts";

// 12 megapixels that compress like a photo, held upright by its camera: about 3 MB.
async function twelveMegapixels(): Promise<Buffer> {
  const raw = { width: 500, height: 375, channels: 3 as const };
  return await sharp(randomBytes(500 * 375 * 3), { raw })
    .resize(4000, 3000, { kernel: "cubic" })
    .jpeg({ quality: 88 })
    .withMetadata({ orientation: 6 })
    .toBuffer();
}

/** Photos of 12 megapixels prepared in a second by two processes at once, as a worker does it, and their memory. */
async function benchNormalise(photos = 12): Promise<void> {
  const photo = await twelveMegapixels();
  const times: number[] = [];
  const started = performance.now();
  const memory = watchChildren();
  const next = async (): Promise<void> => {
    while (times.length < photos) {
      const begun = performance.now();
      const place = times.push(0) - 1;
      const { kind } = await normalise(photo);
      if (kind !== "ready") throw new Error(`a photo was ${kind}`);
      times[place] = performance.now() - begun;
    }
  };
  await Promise.all([next(), next()]);
  const seconds = (performance.now() - started) / 1000;
  sayFigure({
    what: "12-megapixel photos prepared",
    unit: "photos/s",
    ours: times.length / seconds,
    medianMs: median(times),
    peakMB: memory.stop() / 1e6,
    photoMB: photo.length / 1e6,
    load: load(),
  });
}

/** Fifty photos taken in at once, from the request to the file: what the web process does before it answers. The senders' copies of the photos are in the same memory. */
async function benchUploads(uploads = 50): Promise<void> {
  const photo = new Uint8Array(await twelveMegapixels());
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 10);
  const times = await Promise.all(
    Array.from({ length: uploads }, async () => {
      const form = new FormData();
      form.set("browser", "0".repeat(32));
      form.set("photo", new Blob([photo]), "photo.jpg");
      const begun = performance.now();
      const received = await receivePhoto(
        new Request("https://makerlane.test/proxy/artworks", { method: "POST", body: form }),
      );
      const took = performance.now() - begun;
      await received.discard();
      return took;
    }),
  );
  clearInterval(watch);
  const sorted = times.toSorted((a, b) => a - b);
  sayFigure({
    what: "50 uploads at once, request to file",
    unit: "ms p95",
    ours: sorted[Math.ceil(sorted.length * 0.95) - 1] ?? null,
    medianMs: median(times),
    moreMemoryMB: (peak - before) / 1e6,
    load: load(),
  });
}

// The largest resident memory of any process that this one started.
function watchChildren(): { stop(): number } {
  let peak = 0;
  const look = async (): Promise<void> => {
    const own = `/proc/self/task/${process.pid}/children`;
    const children = (await readFile(own, "utf8").catch(() => "")).trim().split(" ").filter(Boolean);
    for (const child of children) {
      const status = await readFile(`/proc/${child}/status`, "utf8").catch(() => "");
      peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024);
    }
  };
  const timer = setInterval(() => void look(), 20);
  return {
    stop: () => {
      clearInterval(timer);
      return peak;
    },
  };
}

await benchNormalise();
await benchUploads();
