// Sends the app's calls to *.myshopify.com to the local Shopify, from outside the app: loaded with
// NODE_OPTIONS="--import ./sandbox/redirect.mjs" and SANDBOX_SHOPIFY_URL set. Any other host is refused.
// The Shopify library keeps the fetch it finds when first imported, so this must be loaded before the app.
const target = process.env.SANDBOX_SHOPIFY_URL;
const real = globalThis.fetch;
const loopback = new Set(["127.0.0.1", "localhost", "[::1]"]);

if (target) {
  globalThis.fetch = async function fetch(input, init) {
    const asked = input instanceof Request ? input : undefined;
    const url = new URL(asked ? asked.url : String(input));
    if (loopback.has(url.hostname)) return real(input, init);
    if (!url.hostname.endsWith(".myshopify.com")) {
      throw new TypeError(`the sandbox refused a call to ${url.hostname}`);
    }
    const headers = new Headers(init?.headers ?? asked?.headers);
    headers.set("x-standin-host", url.hostname);
    const moved = new URL(`${url.pathname}${url.search}`, target);
    return asked ? real(new Request(moved, asked), { ...init, headers }) : real(moved, { ...init, headers });
  };
}
