// A page in a headless Chromium for the local Shopify's own pages.
import type { Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { launchBrowser } from "#test/browser/launch.ts";

/** A page in a browser that closes with the test. `problems` collects errors that scripts threw. */
export async function openPage(): Promise<{ page: Page; problems: string[] }> {
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  return { page, problems };
}
