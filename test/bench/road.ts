// The whole road as processes, for the figures of orders: web, worker, PostgreSQL, MGE DOT, the OMS and a photo host;
// ten shops that hold nothing back.
import { z } from "zod";
import type { Child } from "#sandbox/demo/child.ts";
import { runNode } from "#sandbox/demo/run-node.ts";
import { cpuMs } from "./cpu.ts";
import { apiSecret, startMachinery, type Machinery } from "./machinery.ts";
import { orderBodies } from "./order-bodies.ts";
import { requestBytes } from "./request.ts";

/** An order on its way to the door: the bytes of its webhook, really signed. */
export interface Sending {
  shop: string;
  shopifyId: string;
  vendor: "dot" | "oms";
  bytes: Buffer;
}

export interface Road {
  machinery: Machinery;
  /** Port of the webhook door. */
  port: number;
  sendings: Sending[];
  /** When each order was accepted, by vendor and the vendor's number (ms since 1970). A number seen twice throws. */
  accepted(): Promise<Map<string, number>>;
  /** Processor time so far by process, in milliseconds; empty where the system does not say. */
  cpu(): Record<string, number>;
}

export const shopCount = 10;

/** Starts the road and makes the webhooks of `count` orders. */
export async function startRoad(count: number): Promise<Road> {
  const machinery = await startMachinery();
  try {
    const start = (name: string, args: string[]): Promise<Child> => machinery.start({ name, args });
    const photos = await start("photos", ["test/bench/photo-host.ts"]);
    const dot = await start("dot", ["sandbox/vendors/serve.ts", "dot"]);
    const oms = await start("oms", ["sandbox/vendors/serve.ts", "oms"]);
    const urls = { dot: urlOf(dot), oms: urlOf(oms) };

    const shops = Array.from({ length: shopCount }, (_, n) => `shop-${n + 1}.myshopify.com`);
    const { orders, variants } = await orderBodies({ shops, count, photoUrl: `${urlOf(photos)}/photo.jpg` });
    const seeds = JSON.stringify({ vendorUrls: urls, shops: variants });
    const seeded = await runNode(["test/bench/seed.ts", seeds], machinery.env);
    if (seeded.code !== 0) throw new Error(`the shops could not be made:\n${seeded.said}`);

    const env = {
      ...machinery.env,
      ALLOWED_PRIVATE_HOSTS: [photos, dot, oms].map((child) => new URL(urlOf(child)).host).join(","),
      // Nothing on this road asks Shopify; should that change, it must not leave the machine.
      NODE_OPTIONS: `--import=${new URL("../../sandbox/redirect.mjs", import.meta.url).pathname}`,
      SANDBOX_SHOPIFY_URL: "http://127.0.0.1:9",
    };
    const web = await machinery.start({ name: "web", args: ["app/server.ts"], env });
    const worker = await machinery.start({ name: "worker", args: ["app/worker.ts"], env });
    const port = Number(web.ready["listening"]);
    const pids = { web: web.pid, worker: worker.pid, dot: dot.pid, oms: oms.pid, photos: photos.pid };
    return {
      machinery,
      port,
      sendings: orders.map(({ body, ...order }) => ({
        ...order,
        bytes: requestBytes({
          port,
          path: "/webhooks/orders",
          topic: "orders/paid",
          secret: apiSecret,
          shop: order.shop,
          body,
        }).bytes,
      })),
      accepted: () => readLedgers(urls),
      cpu: () => cpuOf(pids, machinery.postgresPid),
    };
  } catch (error) {
    await machinery.stop();
    throw error;
  }
}

function cpuOf(pids: Record<string, number>, postgresPid: number): Record<string, number> {
  const postgres = cpuMs(postgresPid, { children: true });
  const used = Object.entries({ ...pids, sender: process.pid }).map(
    ([name, pid]) => [name, cpuMs(pid)] as const,
  );
  return Object.fromEntries(
    [...used, ["postgres", postgres] as const].flatMap(([name, ms]) =>
      ms === undefined ? [] : [[name, ms]],
    ),
  );
}

function urlOf(child: Child): string {
  return String(child.ready["url"]);
}

const ledger = z.array(z.object({ number: z.string(), at: z.string() }));

async function readLedgers(urls: Record<"dot" | "oms", string>): Promise<Map<string, number>> {
  const accepted = new Map<string, number>();
  for (const [vendor, url] of Object.entries(urls)) {
    const entries = ledger.parse(await (await fetch(`${url}/_sandbox/ledger`)).json());
    for (const { number, at } of entries) {
      const key = `${vendor}/${number}`;
      if (accepted.has(key)) throw new Error(`${key} is twice in the ledger`);
      accepted.set(key, Date.parse(at));
    }
  }
  return accepted;
}
