// A headless Chromium for the pages: the machine's own, else the one that comes as an npm package.
import { existsSync } from "node:fs";
import chromiumPackage from "@sparticuz/chromium";
import { chromium, type Page } from "playwright-core";
import { onTestFinished } from "vitest";

const installed = ["/usr/bin/chromium", "/usr/bin/google-chrome", "/usr/bin/chromium-browser"].find(
  existsSync,
);

/** A page in a browser that closes with the test. `problems` collects errors that scripts threw. */
export async function openPage(): Promise<{ page: Page; problems: string[] }> {
  const browser = installed
    ? await chromium.launch({ executablePath: installed, args: ["--no-sandbox"] })
    : await chromium.launch({
        executablePath: await chromiumPackage.executablePath(),
        args: [...chromiumPackage.args, "--no-sandbox"],
      });
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  return { page, problems };
}
