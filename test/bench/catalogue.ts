// How long a full sync of a catalogue takes from the merchant's click to the vendor's list, and how much memory the
// worker needs: for ten times as many products the time may be ten times as long, and the memory may not.
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Child } from "#sandbox/demo/child.ts";
import { runNode } from "#sandbox/demo/run-node.ts";
import { startMachinery, type Machinery } from "./machinery.ts";
import { load, sayFigure, sayVerdicts } from "./say.ts";

/**
 * How many products; the figures hold for these. The worker's heap is kept small, as in a small container: left
 * alone, V8 lets garbage lie as long as there is room, and the figure would tell the machine's memory and not the
 * worker's need (measured: 383 MB instead of 230 for the large catalogue).
 */
export const catalogueRun = { small: 1_000, large: 10_000, heapMb: 96 };

const shop = "demo.myshopify.com";
const patienceMs = 10 * 60_000;

interface Sync {
  products: number;
  published: number;
  seconds: number;
  /** The worker's greatest resident memory since it began, in megabytes; undefined where the system does not say. */
  peakMb: number | undefined;
}

/** Measures and prints figures and verdicts. */
export async function benchCatalogue(): Promise<void> {
  const machinery = await startMachinery();
  try {
    const town = await build(machinery);
    await seedProducts(town, catalogueRun.small);
    const small = await town.sync();
    await seedProducts(town, catalogueRun.large - catalogueRun.small);
    await empty(machinery, town);
    const large = await town.sync();
    const again = await town.sync();
    conclude({ small, large, again });
  } finally {
    await machinery.stop();
  }
}

interface Town {
  shopifyUrl: string;
  vendorUrl: string;
  /** One full sync by a worker of its own, so that each has its own peak. */
  sync(): Promise<Sync>;
}

async function build(machinery: Machinery): Promise<Town> {
  const bucket = ["--bucket", "20000,1000000"];
  const shopify = await machinery.start({
    name: "shopify",
    args: ["sandbox/shopify/serve.ts", "--port", "0", "--collect", "--shops", shop, ...bucket],
  });
  const brand = await machinery.start({ name: "brand", args: ["sandbox/vendors/serve.ts", "brand"] });
  const [shopifyUrl, vendorUrl] = [urlOf(shopify), urlOf(brand)];
  const token = z
    .object({ accessToken: z.string(), refreshToken: z.string() })
    .parse(await post(`${shopifyUrl}/_sandbox/token`, {}));
  const seeded = await runNode(
    ["test/bench/seed-catalogue.ts", JSON.stringify({ vendorUrl, ...token })],
    machinery.env,
  );
  if (seeded.code !== 0) throw new Error(`the shop could not be made:\n${seeded.said}`);
  const { connectionId } = z.object({ connectionId: z.string() }).parse(JSON.parse(seeded.stdout));
  const env = {
    ...machinery.env,
    ALLOWED_PRIVATE_HOSTS: [shopifyUrl, vendorUrl].map((url) => new URL(url).host).join(","),
    NODE_OPTIONS: `--max-old-space-size=${catalogueRun.heapMb} --import=${new URL("../../sandbox/redirect.mjs", import.meta.url).pathname}`,
    SANDBOX_SHOPIFY_URL: shopifyUrl,
  };
  return {
    shopifyUrl,
    vendorUrl,
    sync: async () => {
      const worker = await machinery.start({ name: "worker", args: ["app/worker.ts"], env });
      try {
        return await syncOnce(machinery, worker, connectionId);
      } finally {
        await worker.stop();
      }
    },
  };
}

// The merchant's click is a row; the worker finds it as it would find one that nobody woke it for.
async function syncOnce(machinery: Machinery, worker: Child, connectionId: string): Promise<Sync> {
  const began = performance.now();
  await machinery.db.query(`INSERT INTO "CatalogueSync" (shop, "connectionId") VALUES ($1, $2)`, [
    shop,
    connectionId,
  ]);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const { rows } = await machinery.db.query<{ state: string; sentence: string | null; products: number }>(
      `SELECT state, sentence, products FROM "CatalogueSync" ORDER BY "startedAt" DESC LIMIT 1`,
    );
    const sync = rows[0];
    if (sync?.state === "failed") throw new Error(`the sync failed: ${sync.sentence ?? ""}`);
    if (sync?.state === "done") {
      const seconds = (performance.now() - began) / 1000;
      const counted = await machinery.db.query<{ count: number }>(
        `SELECT count(*)::int FROM "Publication" WHERE state = 'published'`,
      );
      return {
        products: sync.products,
        published: counted.rows[0]?.count ?? 0,
        seconds,
        peakMb: peakMb(worker.pid),
      };
    }
    if (performance.now() - began > patienceMs) throw new Error("the sync never ended");
  }
}

async function seedProducts({ shopifyUrl }: Town, count: number): Promise<void> {
  await post(`${shopifyUrl}/_sandbox/seed-products`, { count });
}

async function empty(machinery: Machinery, { vendorUrl }: Town): Promise<void> {
  await machinery.db.query(`TRUNCATE "Publication", "CatalogueProduct", "CatalogueSync", "Catalogue"`);
  await post(`${vendorUrl}/_sandbox/reset`, {});
}

async function post(url: string, body: unknown): Promise<unknown> {
  const reply = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!reply.ok) throw new Error(`${url}: ${reply.status} ${await reply.text()}`);
  return reply.json();
}

function urlOf(child: Child): string {
  return String(child.ready["url"]);
}

// Linux keeps it for us, in kilobytes.
function peakMb(pid: number): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}

function conclude({ small, large, again }: Record<"small" | "large" | "again", Sync>): void {
  const figures: [string, Sync][] = [
    [`first sync of ${small.products} products`, small],
    [`first sync of ${large.products} products`, large],
    [`second sync of ${again.products} products, nothing changed`, again],
  ];
  for (const [what, { seconds, published, products, peakMb: memory }] of figures) {
    const conditions = { products, published, heapMb: catalogueRun.heapMb, load: load() };
    sayFigure({ what: `catalogue: ${what}`, unit: "s", ours: seconds, ...conditions });
    sayFigure({
      what: `catalogue: worker's peak memory, ${what}`,
      unit: "MB",
      ours: memory ?? null,
      ...conditions,
    });
  }
  const grown = (large.peakMb ?? Number.NaN) - (small.peakMb ?? Number.NaN);
  sayVerdicts([
    {
      aim: `${large.products} products at the vendor within two minutes`,
      measured: `${large.published} in ${large.seconds.toFixed(0)} s`,
      met: large.seconds < 120 && large.published > 0.97 * large.products,
    },
    {
      aim: "ten times the products take less than 64 MB more",
      measured: `${grown.toFixed(0)} MB more (${(large.peakMb ?? 0).toFixed(0)} MB in all)`,
      met: grown < 64,
    },
  ]);
}
