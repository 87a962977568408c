// A headless Chromium: the machine's own Chrome or Chromium, else the one that comes as an npm package.
import { existsSync } from "node:fs";
import chromiumPackage from "@sparticuz/chromium";
import { chromium, type Browser } from "playwright-core";

const installed = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
].find(existsSync);

// As root Chromium has no sandbox; the others keep it from talking to Google and from wanting a graphics card.
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--no-first-run",
];

// The packaged browser comes with the web's own rules switched off: without an Origin, and without asking whether it
// may, no upload of another origin would be tried as a shopper's browser tries it.
const unsafe = ["--disable-web-security", "--allow-running-insecure-content"];

/** What a person's browser says of itself: Remix answers "HeadlessChrome" with 410, as it would a crawler. */
export const userAgent =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

/** Where the browser lies and how it is started; Lighthouse starts it by itself. */
export async function browserProgram(): Promise<{ executablePath: string; args: string[] }> {
  if (installed) return { executablePath: installed, args: flags };
  return {
    executablePath: await chromiumPackage.executablePath(),
    args: [...chromiumPackage.args.filter((arg) => !unsafe.includes(arg)), ...flags],
  };
}

/** Starts the browser, with more flags when given; whoever does closes it. */
export async function launchBrowser(more: string[] = []): Promise<Browser> {
  const { executablePath, args } = await browserProgram();
  return chromium.launch({ executablePath, args: [...args, ...more] });
}
