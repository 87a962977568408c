// What Lighthouse needs here: the local shop with just enough of an app behind its proxy, a Chromium that listens on
// a debugging port, and one measurement of one page.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import lighthouse from "lighthouse";
import { startShopify } from "#sandbox/shopify/index.ts";
import { browserProgram } from "#test/browser/launch.ts";

/** One Lighthouse run of one page. */
export interface Figures {
  /** Performance, 0 to 100. */
  score: number;
  /** Cumulative layout shift, and which elements moved. */
  shift: number;
  moved: string[];
  /** First and largest contentful paint, speed index and blocking time, in milliseconds. */
  paint: { first: number; largest: number; index: number; blocked: number };
  /** Paths of everything the page loaded. */
  loaded: string[];
}

/** Where Chromium lies; undefined when the machine has none and the packaged one does not unpack either. */
export const chromium = await browserProgram().catch(() => undefined);

/** Starts the browser on a free debugging port; end it with `stop`. */
export async function startChromium() {
  const { executablePath, args } = chromium ?? (await browserProgram());
  const profile = await mkdtemp(path.join(tmpdir(), "makerlane-lighthouse-"));
  const own = ["--headless", "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"];
  const child = spawn(executablePath, [...args, ...own], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    let said = "";
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`Chromium did not start:\n${said}`)));
    child.stderr.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000);
      const found = /DevTools listening on ws:\/\/[^:]+:(\d+)/.exec(said)?.[1];
      if (found) resolve(Number(found));
    });
  });
  return {
    port,
    async stop(): Promise<void> {
      child.kill("SIGKILL");
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The local shop; `asked` are the paths at which the block asked the app. */
export async function startShop() {
  const asked: string[] = [];
  // Every variant of the kit may be had: the block behaves as in a shop where all is well.
  const app = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://app");
    asked.push(url.pathname);
    const size = { label: "30 × 40", width_mm: 300, height_mm: 400, dots: [120, 160] };
    const sizes = { [url.searchParams.get("variant") ?? ""]: { ...size, min: [240, 320], good: [480, 640] } };
    const looks = ["Natural", "Drama"].map((label) => ({ look: label.toLowerCase(), label }));
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ sizes, looks, retention_days: 14, max_bytes: 26_214_400 }));
  });
  await new Promise<void>((resolve) => app.listen(0, "127.0.0.1", resolve));
  const appUrl = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
  const shop = await startShopify({ deliver: false, appUrl });
  return {
    asked,
    /** The kit's page in a theme's structure with so many blocks on it. */
    page: (blocks: number, theme = "dawn") =>
      `${shop.url}/products/dot-painting-kit?theme=${theme}&blocks=${blocks}`,
    async stop(): Promise<void> {
      await shop.stop();
      app.closeAllConnections();
      app.close();
    },
  };
}

/**
 * Measures one page: Lighthouse's own phone, and throttling that is computed instead of waited for, because a busy
 * machine would otherwise be measured twice. Undefined when the browser drew no picture for Lighthouse, which then has
 * no speed index and no score: the packaged Chromium does that to every second first page, and seldom later.
 */
export async function measure(url: string, port: number): Promise<Figures | undefined> {
  const run = await lighthouse(url, {
    port,
    logLevel: "silent",
    onlyCategories: ["performance"],
    formFactor: "mobile",
    throttlingMethod: "simulate",
    disableFullPageScreenshot: true,
    maxWaitForLoad: 20_000,
  });
  if (!run || run.lhr.runtimeError)
    throw new Error(run?.lhr.runtimeError?.message ?? "Lighthouse gave nothing");
  const { audits, categories } = run.lhr;
  if (audits["speed-index"]?.errorMessage?.includes("NO_SCREENSHOTS")) return undefined;
  const value = (id: string): number => {
    const found = audits[id]?.numericValue;
    if (found === undefined)
      throw new Error(`Lighthouse has no ${id}: ${audits[id]?.errorMessage ?? "not audited"}`);
    return Math.round(found * 1000) / 1000;
  };
  const rows = (id: string): unknown[] => {
    const details = audits[id]?.details;
    return details?.type === "table" ? details.items : [];
  };
  return {
    score: Math.round((categories["performance"]?.score ?? 0) * 100),
    shift: value("cumulative-layout-shift"),
    moved: rows("layout-shifts").map((row) => JSON.stringify(row).slice(0, 300)),
    paint: {
      first: value("first-contentful-paint"),
      largest: value("largest-contentful-paint"),
      index: value("speed-index"),
      blocked: value("total-blocking-time"),
    },
    loaded: rows("network-requests").map((row) => new URL((row as { url: string }).url).pathname),
  };
}
