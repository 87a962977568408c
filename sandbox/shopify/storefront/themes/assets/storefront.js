// What Shopify itself, and not the theme, runs on a storefront: the dynamic checkout buttons and the actions that
// apps may call. The theme says with `window.theme.cartChanged` how its cart is drawn again.
(() => {
  const checkOut = (form) => {
    // The button's script reads the form's inputs itself; no submit and no FormData event comes to pass.
    const fields = [...form.elements].filter(
      ({ name, type }) => name && type !== "submit" && type !== "button",
    );
    const order = Object.assign(document.createElement("form"), { method: "post", action: "/cart/buy-now" });
    for (const { name, value } of fields)
      order.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    order.hidden = true;
    document.body.append(order);
    order.submit();
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".shopify-payment-button__button");
    if (button) checkOut(button.closest("form"));
  });
  customElements.define(
    "shopify-accelerated-checkout",
    class extends HTMLElement {
      connectedCallback() {
        if (this.shadowRoot) return;
        const button = Object.assign(document.createElement("button"), { type: "button", part: "button" });
        button.textContent = "Buy it now";
        button.addEventListener("click", () => checkOut(this.closest("form")));
        this.attachShadow({ mode: "open" }).append(button);
      }
    },
  );

  const theme = (window.theme = {
    /** Draws the cart again and shows it. */
    async cartChanged() {
      const drawer = document.getElementById("cart-drawer");
      theme.draw(drawer, await (await fetch("/cart?section_id=cart-drawer")).text());
      document.querySelector("[data-cart-count]").textContent =
        drawer.querySelector("[data-count]").textContent;
      document.getElementById("quick-add").close();
      if (!drawer.open) drawer.showModal();
    },
    /** Puts the server's HTML into an element; themes have ways of their own. */
    draw(into, html) {
      into.innerHTML = html;
    },
    /** The server's HTML of a page or a section as a document. */
    async read(address) {
      const answer = await fetch(address);
      return new DOMParser().parseFromString(await answer.text(), "text/html");
    },
    /** Scripts that came by innerHTML do not run: themes put fresh copies in their place. */
    runScripts(within) {
      for (const old of within.querySelectorAll("script:not([type*=json])")) {
        const fresh = document.createElement("script");
        for (const { name, value } of old.attributes) fresh.setAttribute(name, value);
        fresh.append(old.textContent);
        old.replaceWith(fresh);
      }
      // Themes do it for scripts of app blocks that lie elsewhere too: a block's script runs again.
      for (const old of document.head.querySelectorAll("script[src*='dot-preview']")) {
        const fresh = document.createElement("script");
        fresh.src = old.src;
        within.append(fresh);
      }
    },
    /** The variant whose options are checked within. */
    chosen(within) {
      const variants = JSON.parse(within.querySelector("[data-variants]").textContent);
      const wanted = [...within.querySelectorAll("[data-option]:checked")].map(({ value }) => value);
      return variants.find(({ options }) => options.every((value, n) => value === wanted[n]));
    },
    /** An address with other query values. */
    address(path, values) {
      const url = new URL(path, location.href);
      for (const [name, value] of new URLSearchParams(location.search)) url.searchParams.set(name, value);
      for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value);
      return url.href;
    },
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  });
  // Vintage themes come without the platform's actions here, so that the oldest way into the cart is used as well.
  if (window.Shopify.theme.name === "vintage") return;
  window.Shopify.actions = {
    async updateCart({ lines }) {
      const items = lines.map(({ merchandiseId, quantity, attributes = [] }) => ({
        id: Number(merchandiseId.split("/").pop()),
        quantity,
        properties: Object.fromEntries(attributes.map(({ key, value }) => [key, value])),
      }));
      const answer = await fetch("/cart/add.js", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ items }),
      });
      if (answer.ok) return { cart: {}, userErrors: [], warnings: [] };
      return { cart: null, userErrors: [{ message: (await answer.json()).description }], warnings: [] };
    },
    openCart: () => theme.cartChanged(),
  };
})();
