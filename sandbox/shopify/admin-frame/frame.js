// The admin page around the app's frame: answers App Bridge's messages, draws menu, title bar, save bar, toasts
// and pickers, and keeps its address in step with the app's.
const settings = JSON.parse(document.getElementById("settings").textContent);
const frame = document.getElementById("app");
const find = (selector) => document.querySelector(selector);
const send = (message) => frame.contentWindow.postMessage(message, "*");
const answer = (id, value) => send({ standin: "answer", id, value });
let hasChanges = false;

window.addEventListener("message", (event) => {
  if (event.source !== frame.contentWindow || !event.data?.standin) return;
  handlers[event.data.standin]?.(event.data);
});

const handlers = {
  async "id-token"({ id }) {
    const response = await fetch(`${settings.base}/id-token`);
    answer(id, (await response.json()).token);
  },
  location({ path }) {
    const kept = new URL(path, location.origin);
    for (const name of ["id_token", "host", "embedded", "shop", "hmac", "timestamp", "session", "locale"]) {
      kept.searchParams.delete(name);
    }
    history.replaceState(null, "", `${settings.appBase}${kept.pathname}${kept.search}`);
    for (const link of document.querySelectorAll("#app-menu a")) {
      link.toggleAttribute(
        "aria-current",
        new URL(link.href).pathname === `${settings.appBase}${kept.pathname}`,
      );
    }
  },
  "nav-menu"({ items }) {
    find("#app-menu").replaceChildren(...items.filter((item) => !item.home).map(menuLink));
  },
  "title-bar"({ title, items }) {
    find("#title").textContent = title;
    find("#title-actions").replaceChildren(
      ...items.map((item, n) => button(item, () => send({ standin: "title-bar-click", value: n }))),
    );
  },
  "save-bar"({ open, save, discard }) {
    hasChanges = open;
    const bar = find("#save-bar");
    bar.hidden = !open;
    if (!open) return;
    bar.querySelector("div").replaceChildren(
      button({ label: "Discard", ...discard }, () => send({ standin: "save-bar-click", value: "discard" })),
      button({ label: "Save", ...save, variant: "primary" }, () =>
        send({ standin: "save-bar-click", value: "save" }),
      ),
    );
  },
  async "leave-confirmation"({ id }) {
    // Who stays gets no answer, as in Shopify's admin.
    if (await mayLeave()) answer(id);
  },
  loading({ on }) {
    find("#loading").hidden = !on;
  },
  toast({ toast, message, duration, isError, action }) {
    const box = document.createElement("div");
    box.className = isError ? "toast error" : "toast";
    box.id = toast;
    box.append(message);
    if (action) box.append(button({ label: action }, () => send({ standin: "toast-action", value: toast })));
    find("#toasts").append(box);
    setTimeout(() => {
      box.remove();
      send({ standin: "toast-gone", value: toast });
    }, duration);
  },
  "toast-hide"({ toast }) {
    document.getElementById(toast)?.remove();
  },
  async admin({ path }) {
    if (await mayLeave()) location.assign(`${settings.base}${path || "/"}`);
  },
  user: ({ id }) => answer(id, { accountAccess: "Full access" }),
  scopes: ({ id }) => answer(id, { granted: settings.scopes, required: settings.scopes, optional: [] }),
  extensions: ({ id }) => answer(id, []),
  async "resource-picker"({ id, options }) {
    answer(id, await pick(options ?? {}));
  },
};

function button({ label, variant, tone, disabled, loading }, onClick) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.className = variant === "primary" ? "primary" : tone === "critical" ? "critical" : "";
  made.disabled = Boolean(disabled || loading);
  made.addEventListener("click", onClick);
  return made;
}

function menuLink(item) {
  const link = document.createElement("a");
  link.href = `${settings.appBase}${item.href}`;
  link.textContent = item.label;
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (await mayLeave()) send({ standin: "navigate", value: item.href });
  });
  return link;
}

/** Asks before changes are lost; the app is told nothing when the answer is no. */
function mayLeave() {
  if (!hasChanges) return Promise.resolve(true);
  return ask(`<h2>Leave page with unsaved changes?</h2><p>Leaving this page will delete all unsaved changes.</p>
    <footer><button value="" type="submit">Stay</button><button value="leave" class="critical" type="submit">Leave page</button></footer>`).then(
    ({ returnValue }) => {
      if (returnValue !== "leave") return false;
      hasChanges = false;
      find("#save-bar").hidden = true;
      return true;
    },
  );
}

function ask(inner) {
  const dialog = document.createElement("dialog");
  dialog.innerHTML = `<form method="dialog">${inner}</form>`;
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog);
    });
  });
}

/** A small resource picker: products, or variants, found by a word. */
async function pick({ type = "product", multiple = false, query = "", selectionIds = [] }) {
  const all = await (await fetch(`${settings.base}/picker?type=${type}`)).json();
  const chosen = new Set(selectionIds.map((one) => one.id));
  const kind = multiple ? "checkbox" : "radio";
  const asked = ask(`<h2>Add ${type === "variant" ? "variants" : "products"}</h2>
    <input type="search" aria-label="Search" placeholder="Search"><ul class="picker"></ul>
    <footer><button value="" type="submit">Cancel</button><button value="add" class="primary" type="submit">Add</button></footer>`);
  const dialog = [...document.querySelectorAll("dialog")].at(-1);
  const list = dialog.querySelector("ul");
  const search = dialog.querySelector("input[type=search]");
  const draw = () => {
    const found = all.filter((one) => one.search.includes(search.value.toLowerCase()));
    list.replaceChildren(
      ...found.map((one) => {
        const row = document.createElement("li");
        const label = document.createElement("label");
        const input = document.createElement("input");
        Object.assign(input, { type: kind, name: "picked", value: one.id, checked: chosen.has(one.id) });
        input.addEventListener("change", () => {
          if (!multiple) chosen.clear();
          if (input.checked) chosen.add(one.id);
          else chosen.delete(one.id);
        });
        label.append(input, " ", one.label);
        row.append(label);
        return row;
      }),
    );
  };
  search.value = query;
  search.addEventListener("input", draw);
  draw();
  const { returnValue } = await asked;
  if (returnValue !== "add") return undefined;
  return all.filter((one) => chosen.has(one.id)).map((one) => one.payload);
}

for (const link of document.querySelectorAll("[data-app-home]")) {
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    if (await mayLeave()) send({ standin: "navigate", value: "/app" });
  });
}

// Only now, so that no message of the app arrives before there is somebody to hear it.
frame.src = frame.dataset.src;
