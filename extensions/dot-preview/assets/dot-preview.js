// On every product page: keeps lines without a picture out of the cart and puts the chosen one on every road there.
// The studio (photo, crop, looks) is imported when the shopper comes near.
(() => {
  // Themes insert the script again when they redraw; a second gate would hold every click twice.
  if (window.dotKits) return;
  /** What is known of each product, by id. Outlives the elements, which themes replace. */
  const stores = (window.dotKits = new Map());
  /** Variant changes under way: Horizon 4.1.3 drops all properties of a line that is added meanwhile. */
  const changing = new Set();
  let passing = false;

  const express = ".shopify-payment-button, shopify-accelerated-checkout, shopify-buy-it-now-button";
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const piece = (kit, name) => kit.querySelector(`[data-dot="${name}"]`);

  /** The variant a form would add. Some themes have several inputs named id. */
  const variantOf = (form) => {
    const field = form?.elements?.namedItem("id");
    return String(field?.value || field?.[0]?.value || "");
  };
  const storeOf = (id) => [...stores.values()].find((store) => store.kits.size && store.variants.has(id));
  const submitOf = (form) => [...form.elements].find(({ type }) => type === "submit");
  /** Dawn's first cart form, for instalments, has no button: it is never ours. */
  const ours = (form) => (submitOf(form) ? storeOf(variantOf(form)) : undefined);

  /** The nearest product form: the common ancestor decides, since ids differ by theme. */
  const formOf = (store) => {
    for (const kit of store.kits)
      for (let node = kit; node; node = node.parentElement)
        for (const form of node.querySelectorAll("form")) if (ours(form) === store) return form;
  };

  const sold = (store, id) => !store.facts || id in store.facts.sizes;
  const allowed = (store, id) => store.selection?.variant === id || !sold(store, id);
  /** Past the gate a picture for another size goes along too: the app paints it again. */
  const propertiesFor = (store, id) =>
    store?.selection && sold(store, id) ? Object.entries(store.selection.properties) : [];

  const fill = (form) => {
    form.querySelectorAll("input[data-dot-kit]").forEach((input) => input.remove());
    for (const [name, value] of propertiesFor(ours(form), variantOf(form))) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name: `properties[${name}]`, value });
      input.dataset.dotKit = "";
      form.append(input);
    }
  };

  /** Says a word of the locale or a whole sentence, and leads to where it is mended. */
  const say = (store, word = navigator.onLine ? "unavailable" : "offline") => {
    for (const kit of store.kits) piece(kit, "error").textContent = store.words[word] ?? word;
    const [kit] = store.kits;
    kit?.scrollIntoView({ block: "center" });
    (kit?.querySelector("[data-dot=look]:enabled") ?? piece(kit, "input"))?.focus({ preventScroll: true });
  };

  /** What the app offers for the product: other variants are none of ours and pass the gate. */
  const learn = async (store) => {
    const answer = await fetch(`${store.proxy}/products/${store.product}?variant=${store.variant}`);
    const facts = await answer.json();
    if (!facts.sizes) throw facts;
    store.facts = facts;
    // Liquid lists 250 variants at most.
    Object.keys(facts.sizes).forEach((id) => store.variants.add(id));
    store.changed();
  };

  /** Whether the line may go: waits for the theme, the offer, and the picture in a new size. */
  const settle = async (store) => {
    while (changing.size) await pause(20);
    await pause(0);
    await store.learn();
    if (!allowed(store, store.current())) await (await store.open()).settle();
    if (allowed(store, store.current())) return true;
    say(store, (await store.open()).problem());
  };

  const pressAgain = async (store, form, button) => {
    if (!(await settle(store))) return;
    const target = form.isConnected ? form : formOf(store);
    const again = button?.isConnected ? button : target && submitOf(target);
    // Themes switch the button off while they change the variant; a click would be lost.
    for (let n = 0; n < 100 && (again?.disabled || again?.ariaDisabled === "true"); n++) await pause(50);
    if (!target) return;
    store.form = target;
    // Another size may have been chosen meanwhile.
    if (changing.size || !allowed(store, variantOf(target))) return pressAgain(store, target, again);
    fill(target);
    passing = true;
    again ? again.click() : target.requestSubmit();
    passing = false;
  };

  const gate = (event) => {
    const { target, type } = event;
    if (passing || !target.closest) return;
    const paying = type === "click" && target.closest(express);
    const pressed = type === "click" ? target.closest("button, input") : event.submitter;
    if (type === "click" && !paying && pressed?.type !== "submit" && pressed?.name !== "add") return;
    const form = type === "submit" ? target : paying ? paying.closest("form") : pressed.form;
    const store = form && ours(form);
    if (!store) return;
    if (!changing.size && allowed(store, variantOf(form))) return fill(form);
    event.preventDefault();
    event.stopImmediatePropagation();
    if (store.holding) return;
    const button = paying ? event.composedPath()[0] : pressed;
    store.form = form;
    store.holding = pressAgain(store, form, button)
      .catch(() => say(store))
      .finally(() => {
        store.holding = store.form = undefined;
        store.changed();
      });
    store.changed();
  };
  // On window: Horizon listens on document in capture, and only what comes before can hold it.
  addEventListener("submit", gate, true);
  addEventListener("click", gate, true);
  // Fires for every FormData, also when our inputs were wiped between press and send.
  document.addEventListener("formdata", ({ formData }) => {
    const id = String(formData.get("id"));
    for (const [name, value] of propertiesFor(storeOf(id), id)) formData.set(`properties[${name}]`, value);
  });

  const look = () => stores.forEach((store) => store.changed());
  document.addEventListener("shopify:product:select", ({ promise }) => {
    if (!promise) return;
    changing.add(promise);
    const over = () => changing.delete(promise) && setTimeout(look, 50);
    promise.then(over, over);
    // A promise never kept must not cost the sale.
    setTimeout(over, 9000);
  });
  document.addEventListener("change", () => [0, 400, 1500].forEach((ms) => setTimeout(look, ms)));

  const makeStore = (kit, data) => {
    const { product, variant, proxy, studio } = kit.dataset;
    const store = { ...data, product, variant, proxy, kits: new Set(), piece };
    store.say = (word) => say(store, word);
    store.settle = () => settle(store);
    store.variants = new Set(data.variants);
    store.current = () => {
      const form = store.form?.isConnected ? store.form : formOf(store);
      const [first] = store.kits;
      return form ? variantOf(form) : (first && piece(first, "variant")?.value) || store.variant;
    };
    store.fill = () => [...document.forms].filter((form) => ours(form) === store).forEach(fill);
    store.learn = () => (store.learned ??= learn(store).catch(() => (store.learned = undefined)));
    let tries = 0;
    // Some browsers remember a failed import: the fragment makes a new one.
    store.open = () =>
      (store.opening ??= import(tries++ ? `${studio}#${tries}` : studio)
        .then((module) => (store.studio = module.openStudio(store)))
        .catch((fault) => {
          store.opening = undefined;
          reportError(fault);
          throw fault;
        }));
    store.changed = () => store.studio?.changed();
    // Chosen while offline: taken up when the shopper is back.
    store.take = async (file) => {
      try {
        if (file) (await store.open()).take(file);
      } catch {
        say(store);
        if (!navigator.onLine) addEventListener("online", () => store.take(file), { once: true });
      }
    };
    return store;
  };

  class DotKit extends HTMLElement {
    connectedCallback() {
      const data = piece(this, "data");
      if (!data) return addEventListener("DOMContentLoaded", () => this.connectedCallback(), { once: true });
      const { product } = this.dataset;
      const store = (this.store = stores.get(product) ?? makeStore(this, JSON.parse(data.textContent)));
      stores.set(product, store);
      store.kits.add(this);
      const own = piece(this, "own");
      if (own) own.hidden = !("always" in own.dataset) && Boolean(formOf(store));
      store.fill();
      if (!this.watched) this.watch(store);
      store.changed();
    }
    disconnectedCallback() {
      this.store?.kits.delete(this);
    }
    watch(store) {
      this.watched = true;
      store.take(piece(this, "input").files[0]);
      const open = () => store.open().catch(() => {});
      const on = (name, handle, once) => this.addEventListener(name, handle, { once });
      on("focusin", open, true);
      on("pointerenter", open, true);
      on("change", ({ target }) => {
        if (target.dataset.dot !== "input") return;
        store.take(target.files[0]);
        // The same file may come again.
        target.value = "";
      });
      on("click", ({ target }) => {
        if (target.dataset.dot !== "add") return;
        store
          .open()
          .then((open) => open.add())
          .catch(() => say(store));
      });
      on("dragover", (event) => event.preventDefault());
      on("drop", (event) => {
        event.preventDefault();
        store.take(event.dataTransfer.files[0]);
      });
      try {
        if (store.design || sessionStorage.getItem(`dot-kit:${store.product}`)) open();
      } catch {}
      new IntersectionObserver((seen) => seen.at(-1).isIntersecting && store.learn()).observe(this);
    }
  }
  customElements.define("dot-kit", DotKit);
})();
