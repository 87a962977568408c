// The behaviour of Dawn's structure: the form's own submit listener sends FormData by fetch; a variant change fetches
// the section and puts parts of it into the page, the button disabled meanwhile; quick add re-creates the scripts.
(() => {
  const { theme } = window;

  customElements.define(
    "product-form",
    class extends HTMLElement {
      connectedCallback() {
        this.form = this.querySelector("form");
        this.button = this.querySelector("[type=submit]");
        this.form.elements.namedItem("id").disabled = false;
        this.form.addEventListener("submit", (event) => this.send(event));
      }
      /** The theme sets the state of its button by itself, whatever an app has set. */
      toggle(disabled) {
        this.button.toggleAttribute("disabled", disabled);
      }
      async send(event) {
        event.preventDefault();
        if (this.button.getAttribute("aria-disabled") === "true") return;
        this.button.setAttribute("aria-disabled", "true");
        const data = new FormData(this.form);
        data.append("sections", "cart-drawer");
        const headers = {
          "x-requested-with": "XMLHttpRequest",
          accept: "application/javascript, application/json",
        };
        const answer = await fetch("/cart/add", { method: "POST", headers, body: data });
        const body = await answer.json();
        this.querySelector(".trouble").textContent = body.status ? body.description : "";
        this.button.removeAttribute("aria-disabled");
        if (answer.ok) await theme.cartChanged();
      }
    },
  );

  customElements.define(
    "product-info",
    class extends HTMLElement {
      connectedCallback() {
        this.addEventListener("change", (event) => event.target.dataset.option && this.change());
      }
      async change() {
        const { section, url } = this.dataset;
        const variant = theme.chosen(this.querySelector("variant-selects"));
        const form = () => this.querySelector("product-form");
        form().toggle(true);
        this.asked = variant.id;
        const found = await theme.read(theme.address(url, { variant: variant.id, section_id: section }));
        if (this.asked !== variant.id) return;
        for (const one of [`#price-${section}`, `#variant-selects-${section}`]) {
          const fresh = found.querySelector(one);
          const old = this.querySelector(one);
          if (one.startsWith("#price")) old.innerHTML = fresh.innerHTML;
          else old.replaceWith(fresh);
        }
        for (const input of this.querySelectorAll("form[action='/cart/add'] [name=id]")) {
          input.value = variant.id;
          input.dispatchEvent(new Event("change", { bubbles: true }));
        }
        form().toggle(false);
        if (!this.closest("dialog"))
          history.replaceState({}, "", theme.address(url, { variant: variant.id }));
      }
    },
  );

  /** What a swap to another product of a combined listing does, and the theme editor after a setting was changed. */
  theme.renderSection = async () => {
    const old = document.querySelector("#shopify-section-main");
    const found = await theme.read(theme.address(location.pathname, { section_id: "main" }));
    old.innerHTML = found.querySelector("#shopify-section-main").innerHTML;
    theme.runScripts(old);
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-quick-add]");
    if (!button) return;
    const found = await theme.read(button.dataset.quickAdd);
    const dialog = document.getElementById("quick-add");
    const inside = dialog.querySelector("[data-inside]");
    // Two sections of one id on a page would answer for each other.
    const product = found.querySelector("product-info");
    const name = `quickadd-${product.dataset.productId}`;
    inside.innerHTML = product.outerHTML.replaceAll(/(?<=[-"])main(?=")/g, name);
    theme.runScripts(inside);
    dialog.showModal();
  });
})();
