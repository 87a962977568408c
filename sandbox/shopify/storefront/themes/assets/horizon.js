// The behaviour of Horizon's structure: submits are caught on the document in the capture phase; what is added while a
// variant change is under way waits in a queue and is then sent as JSON that knows only id and quantity; changed
// parts of the page are morphed, not replaced.
(() => {
  const { theme } = window;

  /** Makes one tree like another, node by node; honours the two attributes by which an app keeps its own. */
  const morph = (old, fresh) => {
    if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName)
      return old.replaceWith(fresh.cloneNode(true));
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
      return;
    }
    if (!old.hasAttribute("data-skip-node-update")) {
      for (const { name, value } of fresh.attributes)
        if (old.getAttribute(name) !== value) old.setAttribute(name, value);
      for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
      if (old.nodeName === "INPUT") {
        old.checked = fresh.checked;
        if (old.type === "hidden") old.value = fresh.value;
      }
    }
    if (old.hasAttribute("data-skip-subtree-update")) return;
    const [now, wanted] = [[...old.childNodes], [...fresh.childNodes]];
    wanted.forEach((child, n) => (now[n] ? morph(now[n], child) : old.append(child.cloneNode(true))));
    now.slice(wanted.length).forEach((child) => child.remove());
  };

  /** Scripts of app blocks are put in again after a morph. */
  const morphWithScripts = (old, fresh) => {
    morph(old, fresh);
    theme.runScripts(old);
  };

  theme.draw = (into, html) => {
    const fresh = into.cloneNode(false);
    fresh.innerHTML = html;
    morph(into, fresh);
  };

  class ProductForm extends HTMLElement {
    queue = [];
    connectedCallback() {
      this.form = this.querySelector("form");
      this.section = this.closest(".product-information");
      this.section.addEventListener("shopify:product:select", ({ promise }) => this.waitFor(promise));
    }
    async waitFor(promise) {
      this.changing = promise;
      const found = await promise.catch(() => undefined);
      if (this.changing !== promise) return;
      if (found) this.form.elements.namedItem("id").value = found.variant.id;
      this.changing = undefined;
      if (this.queue.length > 0)
        await this.post(JSON.stringify({ items: this.queue.splice(0), sections: "" }));
    }
    handleSubmit(event) {
      event.preventDefault();
      const { id, quantity } = this.form.elements;
      if (this.changing) {
        const wanted = theme.chosen(this.section.querySelector("variant-picker"));
        this.queue.push({ id: Number(wanted?.id ?? id.value), quantity: Number(quantity.value) });
        return;
      }
      void this.post(new FormData(this.form));
    }
    async post(body) {
      const isJson = typeof body === "string";
      const headers = { accept: "application/json", ...(isJson && { "content-type": "application/json" }) };
      const answer = await fetch("/cart/add", { method: "POST", headers, body });
      const told = await answer.json();
      this.querySelector(".trouble").textContent = told.status ? told.description : "";
      const name = answer.ok ? "shopify:cart:lines-update" : "shopify:cart:error";
      this.dispatchEvent(Object.assign(new Event(name, { bubbles: true }), { detail: told }));
      if (answer.ok) await theme.cartChanged();
    }
  }
  customElements.define("product-form-component", ProductForm);

  customElements.define(
    "variant-picker",
    class extends HTMLElement {
      connectedCallback() {
        this.addEventListener("change", () => this.change());
      }
      change() {
        const variant = theme.chosen(this);
        const { productUrl: url, sectionId } = this.dataset;
        const promise = theme
          .read(theme.address(url, { variant: variant.id, section_id: sectionId }))
          .then((found) => {
            morph(this, found.querySelector("variant-picker"));
            const price = this.closest(".product-information")?.querySelector("[data-price]");
            if (price) morph(price, found.querySelector("[data-price]"));
            return { variant };
          });
        const event = new Event("shopify:product:select", { bubbles: true });
        this.dispatchEvent(Object.assign(event, { promise, variant }));
        if (!this.closest("dialog"))
          history.replaceState({}, "", theme.address(url, { variant: variant.id }));
      }
    },
  );

  // Declared once for the whole page: components name their methods in attributes like on:submit.
  document.addEventListener(
    "submit",
    (event) => {
      const component = event.target.closest("[on\\:submit]");
      component?.[component.getAttribute("on:submit").slice(1)](event);
    },
    { capture: true },
  );

  theme.renderSection = async () => {
    const found = await theme.read(theme.address(location.pathname, { section_id: "main" }));
    morphWithScripts(
      document.querySelector("#shopify-section-main"),
      found.querySelector("#shopify-section-main"),
    );
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-quick-add]");
    if (!button) return;
    const found = await theme.read(button.dataset.quickAdd);
    const fresh = found.querySelector(".product-information");
    // A phone's window has no room for the details: the picker moves to the form, the block is left out.
    if (matchMedia("(max-width: 749px)").matches) {
      fresh.querySelector("product-form-component").before(fresh.querySelector("variant-picker"));
      fresh.querySelector(".product-details").remove();
    }
    const dialog = document.getElementById("quick-add");
    const inside = dialog.querySelector("[data-inside]");
    if (!inside.firstElementChild) inside.append(document.createElement("div"));
    morphWithScripts(inside.firstElementChild, fresh);
    dialog.showModal();
  });
})();
