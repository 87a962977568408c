// Draws the studio's state into every block of the product. Drawing twice changes nothing, so it is done after
// everything; elements stay the same elements, or focus and screen readers would lose their place.

const show = (node, visible) => node && (node.hidden = !visible);
/** Out of sight with its place kept: what comes and goes by itself must not move the page. */
const reveal = (node, visible) => node && (node.style.visibility = visible ? "" : "hidden");
const put = (node, text) => {
  // A live region speaks again when the same text is set again.
  if (node && node.textContent !== text) node.textContent = text;
};

/** A sentence of the locale with its places filled: numbers, days and seconds as the language writes them. */
export const sentence = (store, word, fill = {}) => {
  const unit = { days: "day", seconds: "second" };
  return (store.words[word] ?? "").replace(/\[(\w+)\]/g, (place, name) => {
    const value = fill[name];
    if (typeof value !== "number") return value ?? place;
    const style = unit[name] ? { style: "unit", unit: unit[name], unitDisplay: "long" } : {};
    return new Intl.NumberFormat(store.locale, style).format(value);
  });
};

/** Lays the image so that the crop fills the box around it. Image geometry: left and top in every language. */
export const placeImage = (image, crop) => {
  const { x, y, width, height } = crop ?? { x: 0, y: 0, width: 1, height: 1 };
  Object.assign(image.style, {
    width: `${100 / width}%`,
    height: `${100 / height}%`,
    left: `${(-x / width) * 100}%`,
    top: `${(-y / height) * 100}%`,
  });
};

const setImage = (image, address) => {
  if (!image) return;
  if (!address) image.removeAttribute("src");
  else if (image.getAttribute("src") !== address) image.src = address;
};

const stepNumbers = { empty: 1, reading: 1, uploading: 1, preparing: 1, painting: 2, choose: 2, chosen: 3 };

const statusWord = (state) => {
  if (state.waiting) return state.waiting.code;
  if (state.step === "painting" && state.slow) return state.slow;
  if (state.step === "chosen" && state.selecting) return "selecting";
  return state.step;
};

const drawLooks = (kit, { store, state }) => {
  const list = store.piece(kit, "looks");
  const template = store.piece(kit, "look-template");
  const offered = store.looks.length ? store.looks : undefined;
  const known = state.looks.length ? state.looks : (store.facts?.looks ?? []);
  const looks = known
    .map((look) => (typeof look === "string" ? { look, label: look } : look))
    .filter(({ look }) => !offered || offered.includes(look));
  if (looks.length > 0) {
    // The places that were kept for them before anything was known.
    list.querySelectorAll("div[data-look]").forEach((place) => place.remove());
    const cards = [...list.querySelectorAll("[data-look]")];
    looks.forEach((look, n) => {
      const card = cards[n] ?? template.content.firstElementChild.cloneNode(true);
      if (!cards[n]) list.append(card);
      card.dataset.look = look.look;
      store.piece(card, "label").textContent = look.label;
      const input = store.piece(card, "look");
      input.value = look.look;
      input.name = `dot-look-${kit.id}`;
      input.disabled = !look.image || state.step === "painting";
      input.checked = state.look === look.look;
      card.toggleAttribute("data-empty", !look.image);
      const image = store.piece(card, "look-image");
      setImage(image, look.image);
      image.alt = look.image ? sentence(store, "look_alt", { look: look.label }) : "";
    });
    cards.slice(looks.length).forEach((card) => card.remove());
  }
  list.toggleAttribute("data-working", state.step === "painting");
};

const drawStage = (kit, { store, state, again }) => {
  const { piece } = store;
  const chosen = state.looks.find(({ look }) => look === state.look);
  const hasPhoto = Boolean(state.photo?.url);
  const painted = chosen?.large ?? chosen?.image;
  show(piece(kit, "drop"), !hasPhoto && !(state.step === "chosen" && painted));
  const frame = piece(kit, "frame");
  show(frame, hasPhoto || Boolean(painted));
  frame.style.aspectRatio = String(state.ratio ?? 0.8);
  frame.toggleAttribute("data-lying", (state.ratio ?? 0.8) > 1);
  frame.toggleAttribute("data-adjusting", state.adjusting);
  frame.toggleAttribute("data-zoomed", Boolean(state.zoomed && painted && !state.adjusting));
  const photo = piece(kit, "photo");
  setImage(photo, state.photo?.url);
  show(photo, hasPhoto);
  placeImage(photo, state.draft ?? state.crop);
  const large = piece(kit, "large");
  setImage(large, painted);
  show(large, Boolean(painted) && !state.adjusting);
  large.alt = chosen ? sentence(store, "look_alt", { look: chosen.label }) : "";
  const compare = Boolean(painted && hasPhoto && state.comparing && !state.adjusting && !state.zoomed);
  const cover = compare ? state.cover : 100;
  large.style.clipPath = compare ? `inset(0 0 0 ${100 - cover}%)` : "";
  if (state.adjusting || (state.zoomed && painted)) frame.tabIndex = 0;
  else frame.removeAttribute("tabindex");
  const label = state.adjusting ? "crop_frame" : state.zoomed && painted ? "zoom_frame" : undefined;
  if (label) frame.setAttribute("aria-label", sentence(store, label));
  else frame.removeAttribute("aria-label");
  const small = piece(kit, "photo-small");
  setImage(small, state.photo?.url);
  show(small, hasPhoto);
  placeImage(small, state.crop);

  const settled = state.step === "choose" || state.step === "chosen";
  const tools = (settled || state.step === "failed") && !state.adjusting;
  // A sample has no crop, and should leave no hole among the tools.
  show(piece(kit, "adjust"), !state.sample);
  reveal(piece(kit, "adjust"), tools && hasPhoto && Boolean(state.artwork && state.crop));
  reveal(piece(kit, "other"), tools || state.step === "failed");
  // "Try again" has the same place as "Compare".
  reveal(piece(kit, "retry"), again);
  reveal(piece(kit, "compare-on"), tools && hasPhoto && Boolean(painted) && !again);
  reveal(piece(kit, "zoom-on"), tools && Boolean(painted));
  piece(kit, "compare-on").setAttribute("aria-pressed", String(state.comparing));
  piece(kit, "zoom-on").setAttribute("aria-pressed", String(state.zoomed));
  show(piece(kit, "compare"), compare);
  piece(kit, "compare").value = String(state.cover);
  show(piece(kit, "crop"), state.adjusting);
};

/**
 * Draws one block.
 * @param {HTMLElement} kit
 * @param {{store: object, state: object, fault?: string, advice?: string, final: Set<string>}} what
 */
export const draw = (kit, { store, state, fault, advice, final }) => {
  const { piece } = store;
  const working = ["reading", "uploading", "preparing", "painting"].includes(state.step) || state.selecting;
  kit.dataset.state = state.step;
  kit.toggleAttribute("data-busy", Boolean(working));
  const step = stepNumbers[state.step] ?? 1;
  piece(kit, "steps")
    .querySelectorAll("li")
    .forEach((item, n) => {
      if (n + 1 === step) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
      item.toggleAttribute("data-done", n + 1 < step);
    });
  drawStage(kit, { store, state, again: Boolean(state.error) && !final.has(state.error.code) });
  drawLooks(kit, { store, state });

  // Screen readers hear the way in quarters; the bar shows every step of it.
  const percent = Math.floor(state.progress * 4) * 25;
  put(piece(kit, "status"), sentence(store, `status_${statusWord(state)}`, fillStatus(state, percent)));
  const bar = piece(kit, "progress");
  reveal(bar, working);
  if (state.step === "uploading") bar.value = state.progress;
  else bar.removeAttribute("value");
  put(piece(kit, "note"), state.note ? sentence(store, state.note) : (advice ?? ""));
  put(piece(kit, "error"), fault ?? "");
  if (state.error) kit.dataset.problem = state.error.code;
  else delete kit.dataset.problem;
  reveal(piece(kit, "cancel"), Boolean(working) && !state.selecting);
  reveal(piece(kit, "delete"), Boolean(state.artwork));
  const consent = piece(kit, "consent");
  if (consent) consent.checked = state.consented;

  const value = addState({ store, state });
  const add = piece(kit, "add-state");
  add.dataset.value = value;
  put(add, sentence(store, addWord(value, state)));
  piece(kit, "add")?.setAttribute("aria-disabled", String(value !== "ready" || Boolean(store.holding)));
  drawDays(kit, store);
};

const fillStatus = (state, percent) => ({
  percent,
  seconds: state.waiting?.seconds ?? 0,
  look: state.looks.find(({ look }) => look === state.look)?.label ?? "",
});

/** "elsewhere": this variant needs no photo. "waiting": pressed, and the line goes when its picture is there. */
const addState = ({ store, state }) => {
  if (store.facts && !(store.current() in store.facts.sizes)) return "elsewhere";
  if (store.holding) return "waiting";
  if (state.selecting) return "saving";
  const bound = state.sample || store.mode === "page" || store.selection?.variant === store.current();
  return state.step === "chosen" && bound ? "ready" : "missing";
};

const addWord = (value, { photo, artwork }) => {
  if (value === "saving") return "status_selecting";
  return value === "missing" && (photo || artwork) ? "add_look" : `add_${value}`;
};

/** How long photos are kept is the app's to say; the line was there all along, unseen, so nothing moves. */
const drawDays = (kit, store) => {
  const days = store.piece(kit, "days");
  if (!days || !store.facts?.retention_days) return;
  put(days, sentence(store, "privacy_days", { days: store.facts.retention_days }));
  days.style.visibility = "visible";
};
