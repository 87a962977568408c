// Sends what the app says to *.myshopify.com to the local Shopify, inside the test process. Set up before any module
// of the app is imported, because the Shopify library keeps the fetch that it finds first.
const real = globalThis.fetch;
let shopifyUrl: string | undefined;
let cut: ((send: () => Promise<Response>) => Promise<Response>) | undefined;

/** Where Shopify is from now on; undefined: nowhere. */
export function shopifyIsAt(url: string | undefined): void {
  shopifyUrl = url;
}

/** Lets a test stand in the way of every call to Shopify; undefined takes it out again. */
export function cutShopify(how: typeof cut): void {
  cut = how;
}

globalThis.fetch = async function fetch(input, init) {
  const asked = input instanceof Request ? input : undefined;
  const url = new URL(asked ? asked.url : String(input));
  if (url.hostname === "127.0.0.1" || url.hostname === "localhost") return real(input, init);
  if (!url.hostname.endsWith(".myshopify.com") || shopifyUrl === undefined)
    throw new TypeError(`a test tried to reach ${url.hostname}`);
  const moved = new URL(`${url.pathname}${url.search}`, shopifyUrl);
  const headers = new Headers(init?.headers ?? asked?.headers);
  headers.set("x-standin-host", url.hostname);
  const send = (): Promise<Response> =>
    asked ? real(new Request(moved, asked), { ...init, headers }) : real(moved, { ...init, headers });
  return cut ? cut(send) : send();
};
