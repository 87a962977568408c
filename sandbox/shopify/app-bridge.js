// App Bridge as the app meets it in a frame of this sandbox's admin: window.shopify, session tokens on every
// call to the app, links into the admin. Runs in the app's document; app-bridge-elements.js comes behind it.
// Nothing is kept in sessionStorage: in a cross-site frame it throws.
(() => {
  if (window.shopify?.standin) return;
  const script = document.currentScript;
  const url = new URL(location.href);
  const inFrame = window.parent !== window;
  const pending = new Map();
  const toasts = new Map();
  /** What app-bridge-elements.js, served in the same answer, takes from here and adds. */
  const bridge = (window.shopifyStandin = { tell, titleBarItems: () => [], saveBars: { shown: null } });
  let nextCall = 1;

  /** Asks the admin page for something and waits for its answer. */
  function call(what, detail = {}) {
    if (!inFrame) return Promise.resolve(undefined);
    const id = nextCall++;
    return new Promise((resolve) => {
      pending.set(id, resolve);
      window.parent.postMessage({ standin: what, id, ...detail }, "*");
    });
  }

  /** Tells the admin page something. */
  function tell(what, detail = {}) {
    if (inFrame) window.parent.postMessage({ standin: what, ...detail }, "*");
  }

  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || !event.data?.standin) return;
    const { standin, id, value } = event.data;
    if (standin === "answer") {
      pending.get(id)?.(value);
      pending.delete(id);
    } else if (standin === "navigate") navigate(value);
    else if (standin === "title-bar-click") bridge.titleBarItems()[value]?.click();
    else if (standin === "save-bar-click") bridge.saveBars.press(value);
    else if (standin === "toast-action") toasts.get(value)?.onAction?.();
    else if (standin === "toast-gone") toasts.get(value)?.onDismiss?.();
  });

  const idToken = () => call("id-token");

  // The bounce page: it only loads this script, which comes back with a fresh session token.
  const reload = url.searchParams.get("shopify-reload");
  if (reload && inFrame) {
    idToken().then((token) => {
      const target = new URL(reload, location.href);
      target.searchParams.set("id_token", token);
      location.replace(target.href);
    });
  }
  if (!inFrame && script?.src && !reload && url.searchParams.has("shop")) {
    const shop = url.searchParams.get("shop").replace(".myshopify.com", "");
    location.replace(`${new URL(script.src).origin}/store/${shop}/apps/makerlane${url.pathname}`);
  }

  // Every call to the app itself carries a session token, and is repeated once when the app says it was stale.
  const realFetch = window.fetch.bind(window);
  window.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (new URL(request.url).origin !== location.origin || !inFrame) return realFetch(input, init);
    const again = request.clone();
    const response = await realFetch(await authorised(request));
    const stale = response.status === 401 && response.headers.get("X-Shopify-Retry-Invalid-Session-Request");
    return stale ? realFetch(await authorised(again)) : response;
  };

  async function authorised(request) {
    if (request.headers.has("authorization")) return request;
    const headers = new Headers(request.headers);
    headers.set("authorization", `Bearer ${await idToken()}`);
    headers.set("x-requested-with", "XMLHttpRequest");
    return new Request(request, { headers });
  }

  /** A menu item of the admin was pressed: single-page apps listen for this event. */
  function navigate(href) {
    const link = document.createElement("a");
    link.setAttribute("href", href);
    link.hidden = true;
    document.body.append(link);
    const handled = [...document.querySelectorAll("ui-nav-menu a")].length > 0;
    if (handled) link.dispatchEvent(new Event("shopify:navigate", { bubbles: true }));
    else location.assign(href);
    link.remove();
  }

  const admin = /^(shopify:\/?\/?admin|https:\/\/admin\.shopify\.com\/store\/[^/]+)/;
  const realOpen = window.open.bind(window);
  window.open = (target, ...rest) => {
    if (!admin.test(String(target))) return realOpen(target, ...rest);
    tell("admin", { path: String(target).replace(admin, "") });
    return null;
  };
  document.addEventListener(
    "click",
    (event) => {
      const href = event.target.closest?.("a[href]")?.getAttribute("href");
      if (!href || !admin.test(href)) return;
      event.preventDefault();
      tell("admin", { path: href.replace(admin, "") });
    },
    true,
  );

  // The admin's address bar follows the app's.
  const where = () => tell("location", { path: location.pathname + location.search });
  for (const name of ["pushState", "replaceState"]) {
    const real = history[name].bind(history);
    history[name] = (...args) => {
      real(...args);
      where();
    };
  }
  window.addEventListener("popstate", where);
  where();

  const style = document.createElement("style");
  style.textContent = "ui-nav-menu,ui-title-bar,ui-save-bar,ui-modal>*{display:none!important}";
  (document.head ?? document.documentElement).append(style);

  const byId = (id) => document.getElementById(id);
  const params = url.searchParams;
  window.shopify = {
    standin: true,
    config: {
      apiKey: script?.dataset.apiKey ?? "",
      host: params.get("host") ?? "",
      shop: params.get("shop") ?? "",
      locale: params.get("locale") ?? "en",
    },
    origin: location.origin,
    ready: Promise.resolve(),
    environment: { embedded: inFrame, mobile: false, pos: false, intent: false },
    idToken,
    user: () => call("user"),
    loading: (on = true) => tell("loading", { on }),
    toast: {
      show(message, options = {}) {
        const toast = `toast-${nextCall++}`;
        toasts.set(toast, options);
        const { duration = 5000, isError = false, action } = options;
        tell("toast", { toast, message: String(message), duration, isError, action });
        return toast;
      },
      hide: (toast) => tell("toast-hide", { toast }),
    },
    saveBar: {
      show: async (id) => byId(id)?.show(),
      hide: async (id) => byId(id)?.hide(),
      toggle: async (id) => byId(id)?.toggle(),
      leaveConfirmation: () => (bridge.saveBars.shown ? call("leave-confirmation") : Promise.resolve()),
    },
    modal: {
      show: async (id) => byId(id)?.show(),
      hide: async (id) => byId(id)?.hide(),
      toggle: async (id) => byId(id)?.toggle(),
    },
    async resourcePicker(options) {
      const chosen = await call("resource-picker", { options });
      return chosen && Object.assign(chosen, { selection: chosen });
    },
    scopes: {
      query: () => call("scopes"),
      request: async () => ({ result: "granted-all" }),
      revoke: async () => ({}),
    },
    app: { extensions: () => call("extensions") },
    setSignals() {},
    reviews: {
      request: async () => ({ success: false, code: "cooldown-period", message: "Not in a sandbox" }),
    },
    support: { registerHandler: async () => {} },
    webVitals: { onReport: async () => {} },
  };
})();
