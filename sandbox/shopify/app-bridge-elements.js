// The elements App Bridge gives an app: ui-nav-menu, ui-title-bar and ui-save-bar are drawn by the admin page
// around the app's frame, which is told of them here; ui-modal opens in the app's own document.
(() => {
  const bridge = window.shopifyStandin;
  if (!bridge || customElements.get("ui-nav-menu")) return;
  const { tell } = bridge;

  /** An element whose children are told to the admin page, now and whenever they change. */
  function forwarded(report) {
    return class extends HTMLElement {
      connectedCallback() {
        this.watch = new MutationObserver(() => report(this));
        this.watch.observe(this, { subtree: true, childList: true, attributes: true, characterData: true });
        report(this);
      }
      disconnectedCallback() {
        this.watch?.disconnect();
        report(null);
      }
    };
  }

  customElements.define(
    "ui-nav-menu",
    forwarded((menu) => {
      const items = [...(menu?.querySelectorAll("a") ?? [])].map((link) => ({
        label: link.textContent.trim(),
        href: link.getAttribute("href"),
        home: link.getAttribute("rel") === "home",
      }));
      if (menu) tell("nav-menu", { items });
    }),
  );

  bridge.titleBarItems = () => {
    const bar = [...document.querySelectorAll("ui-title-bar")].find((one) => !one.closest("ui-modal"));
    return [...(bar?.querySelectorAll("a,button") ?? [])];
  };
  customElements.define(
    "ui-title-bar",
    forwarded((bar) => {
      if (bar?.closest("ui-modal")) return;
      tell("title-bar", {
        title: bar?.getAttribute("title") ?? "",
        items: bridge.titleBarItems().map(describe),
      });
    }),
  );

  function describe(item) {
    return {
      label: item.textContent.trim(),
      variant: item.getAttribute("variant"),
      tone: item.getAttribute("tone"),
      disabled: item.hasAttribute("disabled"),
      loading: item.hasAttribute("loading") && item.getAttribute("loading") !== "false",
    };
  }

  /** The contextual save bar: elements, ids and forms with data-save-bar; one of them is shown at a time. */
  const saveBars = (bridge.saveBars = {
    shown: null,
    show(source) {
      this.shown = source;
      const [save, discard] = buttonsOf(source);
      tell("save-bar", { open: true, save: save && describe(save), discard: discard && describe(discard) });
      source.dispatchEvent(new Event("show"));
    },
    hide(source) {
      if (this.shown !== source) return;
      this.shown = null;
      tell("save-bar", { open: false });
      source.dispatchEvent(new Event("hide"));
    },
    press(which) {
      const source = this.shown;
      if (!source) return;
      const [save, discard] = buttonsOf(source);
      if (source instanceof HTMLFormElement) {
        if (which === "save") source.requestSubmit();
        else source.reset();
        this.hide(source);
      } else (which === "save" ? save : discard)?.click();
    },
  });

  /** The button with variant="primary" saves, the other one discards. */
  function buttonsOf(source) {
    const buttons = source instanceof HTMLFormElement ? [] : [...source.querySelectorAll("button")];
    const save = buttons.find((button) => button.getAttribute("variant") === "primary") ?? buttons[0];
    return [save, buttons.find((button) => button !== save)];
  }

  customElements.define(
    "ui-save-bar",
    class extends HTMLElement {
      get showing() {
        return saveBars.shown === this;
      }
      connectedCallback() {
        // The bar stays, its buttons change: saving, disabled, other words.
        this.watch = new MutationObserver(() => this.showing && saveBars.show(this));
        this.watch.observe(this, { subtree: true, childList: true, attributes: true, characterData: true });
      }
      disconnectedCallback() {
        this.watch?.disconnect();
        saveBars.hide(this);
      }
      async show() {
        saveBars.show(this);
      }
      async hide() {
        saveBars.hide(this);
      }
      async toggle() {
        return this.showing ? this.hide() : this.show();
      }
    },
  );
  const formOf = (event) => event.target.closest?.("form[data-save-bar]");
  for (const name of ["input", "change"]) {
    document.addEventListener(name, (event) => formOf(event) && saveBars.show(formOf(event)));
  }
  for (const name of ["submit", "reset"]) {
    document.addEventListener(name, (event) => formOf(event) && saveBars.hide(formOf(event)));
  }

  customElements.define("ui-modal", modalElement());

  /** A modal that lives in the app's own document; React puts its content into `content`. */
  function modalElement() {
    return class extends HTMLElement {
      constructor() {
        super();
        this.dialog = document.createElement("dialog");
        this.dialog.innerHTML = `<header style="display:flex;justify-content:space-between;gap:16px;padding:12px 16px;background:#f3f3f3"><strong></strong><button type="button" aria-label="Close">×</button></header><div></div><footer style="display:flex;justify-content:flex-end;gap:8px;padding:12px 16px"></footer>`;
        this.dialog.style.cssText = "padding:0;border:0;border-radius:12px;min-width:min(560px,90vw)";
        this.content = this.dialog.querySelector("div");
        this.dialog.querySelector("button").addEventListener("click", () => this.hide());
        this.dialog.addEventListener("close", () => this.dispatchEvent(new Event("hide")));
      }
      async show() {
        const bar = this.querySelector("ui-title-bar");
        this.dialog.querySelector("strong").textContent = bar?.getAttribute("title") ?? "";
        const buttons = [...(bar?.querySelectorAll("button") ?? [])].map((item) => {
          const button = document.createElement("button");
          button.type = "button";
          button.textContent = item.textContent;
          button.addEventListener("click", () => item.click());
          return button;
        });
        this.dialog.querySelector("footer").replaceChildren(...buttons);
        document.body.append(this.dialog);
        if (!this.dialog.open) this.dialog.showModal();
        this.dispatchEvent(new Event("show"));
      }
      async hide() {
        if (this.dialog.open) this.dialog.close();
      }
      async toggle() {
        return this.dialog.open ? this.hide() : this.show();
      }
      disconnectedCallback() {
        this.dialog.remove();
      }
    };
  }
})();
