// Call once at the top of a test file: the whole demo world with its shop set up, a browser, and one shopper in it.
// A page that throws, or that its own policy forbids something, fails the test.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { buildIfNeeded } from "#sandbox/demo/build.ts";
import { createMerchant, type Merchant } from "#sandbox/demo/merchant.ts";
import { setUpShop } from "#sandbox/demo/setup.ts";
import { startWorld, type DemoWorld } from "#sandbox/demo/world.ts";
import { launchBrowser, userAgent } from "../launch.ts";
import { expectMade, expectNothingElse } from "./made.ts";
import { twoPhotos, type Photo } from "./photos.ts";
import { createShopper, type Bought, type Shopper } from "./shop.ts";
import { startRelay, type Relay } from "./tls.ts";

const pictures = path.resolve(".data/screenshots");

interface Opened {
  world: DemoWorld;
  browser: Browser;
  relay: Relay;
  context: BrowserContext;
  merchant: Merchant;
  shopper: Shopper;
  photos: [Photo, Photo];
}

/** Looks again and again until it is so, as long as a busy machine may need. */
export const soon = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 });

/** Starts it all before the tests and ends it after them; what it gives is there inside the tests only. */
export function useStorefront(options: BrowserContextOptions = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), "makerlane-storefront-"));
  const said: string[] = [];
  const problems: string[] = [];
  let opened: Opened | undefined;
  const front = (): Opened => {
    if (!opened) throw new Error("the storefront is not open yet");
    return opened;
  };
  const watch = (page: Page): void => {
    page.on("pageerror", (error) => problems.push(error.stack ?? error.message));
    // What a page's own policy forbids is said to the console only.
    page.on("console", (one) => {
      if (/Content Security Policy/.test(one.text())) problems.push(one.text());
    });
  };

  // One context for all: the packaged Chromium runs in one process and ends with its first closed context.
  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    await buildIfNeeded();
    const relay = await startRelay();
    const [world, browser, photos] = await Promise.all([
      startWorld({
        folder,
        encryptionKeys: `test:${Buffer.alloc(32, 7).toString("base64")}`,
        fixedPorts: false,
        env: { DATA_DIR: folder },
        listen: (name, line) =>
          said.push(`${name} ${typeof line === "string" ? line : JSON.stringify(line)}`),
      }),
      launchBrowser([`--host-resolver-rules=MAP demo.myshopify.com:443 127.0.0.1:${relay.port}`]),
      twoPhotos(),
    ]);
    relay.to = world.shopifyUrl;
    const merchant = createMerchant(world);
    await setUpShop(world, merchant);
    const context = await browser.newContext({ userAgent, ignoreHTTPSErrors: true, ...options });
    const shopper = await createShopper(world, context, watch);
    opened = { world, browser, relay, context, merchant, shopper, photos };
  }, 180_000);
  afterAll(async () => {
    const { world, browser, relay, shopper } = front();
    await browser.close();
    relay.close();
    try {
      await expectNothingElse(world, shopper.paid);
    } finally {
      await world.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") {
      await picture(`failed-${task.name.slice(0, 40)}`);
      process.stderr.write(`${said.slice(-15).join("\n")}\n`);
    }
    expect(problems.splice(0)).toEqual([]);
  });

  /** Keeps what the page looks like, for whoever looks. */
  async function picture(name: string): Promise<void> {
    await front().shopper.page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true });
  }
  return {
    front,
    picture,
    problems,
    /** Pays the one line in the cart and holds it, and what MGE then makes, against what was chosen. */
    async buy(): Promise<Bought> {
      const { world, shopper, photos } = front();
      await shopper.inCart();
      const bought = await shopper.payRight();
      await expectMade(world, bought, photos);
      return bought;
    },
  };
}
