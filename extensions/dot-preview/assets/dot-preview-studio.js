// The studio of one product: what happens from the photo to the selection that goes into the cart. Imported by
// dot-preview.js when the shopper comes near; draws into every block of the product on the page.
import { call, pause, Problem } from "./dot-preview-api.js";
import { addToCart } from "./dot-preview-cart.js";
import { bindControls } from "./dot-preview-controls.js";
import { makeFlow, maxBytes, sizeNow } from "./dot-preview-flow.js";
import { empty, forget, quiet, recall } from "./dot-preview-memory.js";
import { adviseSize, centreOf, cropAround, ratioOf } from "./dot-preview-sizes.js";
import { draw, sentence } from "./dot-preview-view.js";

/** How long a pressed "Add to cart" waits for a new picture, then for the cart. */
const patience = 30_000;
/** What the same try would only meet again. */
const final = new Set(
  "type too_big too_small too_many_pixels consent not_offered missing missing_look quota gone".split(" "),
);

/** What is missing when the button is pressed too early. */
const early = { empty: new Problem("missing"), choose: new Problem("missing_look") };

const isThere = (line, artwork) =>
  call(line, `/artworks/${artwork}`).then(
    () => true,
    (error) => {
      if (error.code === "gone") return false;
      throw error;
    },
  );

/**
 * Opens the studio of a product.
 * @param {object} store of dot-preview.js
 * @returns {{take: Function, changed: Function, settle: Function, problem: Function, add: Function}}
 */
export const openStudio = (store) => {
  const state = { ...empty(), consented: false };
  const bound = new WeakSet();
  let run = new AbortController();
  /** What is under way; the gate waits for it. */
  let working = Promise.resolve();

  const advice = () => {
    const { pixels, turned, crop } = state;
    if (!sizeNow(store) || !pixels) return undefined;
    return adviseSize(store.facts.sizes, store.current(), {
      pixels,
      turned,
      zoom: crop && centreOf(crop).zoom,
    });
  };
  const fault = () => {
    const { error } = state;
    if (!error) return undefined;
    const fill = { seconds: error.seconds ?? 60, days: store.facts?.retention_days ?? 14 };
    const max_mb = Math.round(maxBytes(store) / 1024 / 1024);
    // The app's own refusal brings no numbers.
    const word = error.word ?? (error.code === "too_small" ? "too_few_pixels" : error.code);
    return sentence(store, word in store.words ? word : "unavailable", {
      ...fill,
      max_mb,
      ...error.fill,
    });
  };

  const redraw = () => {
    const found = advice();
    const told = found && found.level !== "small" ? sentence(store, found.word, found.fill) : undefined;
    for (const kit of store.kits) {
      if (!bound.has(kit)) bindControls(kit, { store, state, redraw, acts });
      bound.add(kit);
      draw(kit, { store, state, fault: fault(), advice: told, final });
    }
  };
  const set = (more) => {
    Object.assign(state, more);
    redraw();
  };
  const focusOn = (name) => {
    const [kit] = store.kits;
    const { activeElement } = document;
    // Only for a shopper who is not elsewhere on the page.
    if (kit && (kit.contains(activeElement) || activeElement === document.body))
      store.piece(kit, name)?.focus({ preventScroll: true });
  };
  const unselect = () => {
    store.selection = undefined;
    store.fill();
  };

  const reset = () => {
    if (state.photo?.own) URL.revokeObjectURL(state.photo.url);
    const { consented } = state;
    Object.assign(state, empty(), { consented });
    unselect();
    forget(store);
  };

  const fail = (error) => {
    const known = error instanceof Problem ? error : new Problem("unavailable");
    // A fault of ours is said to the console too; the shopper can still try again.
    if (known !== error) reportError(error);
    if (known.code === "gone") reset();
    const painted = state.looks.some(({ image }) => image);
    const { preview } = store.selection ?? {};
    const bound = preview && preview === state.preview ? "chosen" : "choose";
    const step = painted ? bound : state.photo || state.artwork ? "failed" : "empty";
    set({ step, error: known, selecting: false, waiting: undefined, slow: undefined });
  };

  /** One thing at a time: what begins ends what was under way. */
  const start = (work) => {
    run.abort();
    run = new AbortController();
    const { signal } = run;
    set(quiet);
    const line = { base: store.proxy, signal, waiting: (waiting) => signal.aborted || set({ waiting }) };
    working = work(line).catch((error) => signal.aborted || fail(error));
    return working;
  };

  const { take, paint, select, bindLook, retry, resume } = makeFlow({
    store,
    state,
    set,
    reset,
    start,
    unselect,
    advice,
    focusOn,
  });

  /** After any change on the page: another size wants another preview, of the same photo. */
  const changed = () => {
    const variant = store.current();
    const { error, file } = state;
    if (error?.code === "too_small" && !state.artwork && state.variant !== variant) return void take(file);
    const settled = ["painting", "choose", "chosen", "failed"].includes(state.step);
    if (!state.prepared || !settled || state.variant === variant || (store.facts && !sizeNow(store)))
      return redraw();
    void start(async (line) => {
      set({ variant, note: "size_changed" });
      await paint(line);
    });
  };

  /** Until the picture for the variant of the moment is there, or the patience is over. */
  const settle = async () => {
    changed();
    const until = Date.now() + patience;
    for (let seen; seen !== working && Date.now() < until;) {
      seen = working;
      await Promise.race([seen, pause(until - Date.now())]);
    }
  };

  /** Why the line may not go, as a sentence. */
  const problem = () => {
    if (!state.error) set({ error: early[state.step] ?? new Problem("not_yet") });
    return fault();
  };

  const cancel = () => {
    run.abort();
    if (!state.artwork) reset();
    fail(new Problem("cancelled"));
    if (!state.artwork) set({ error: undefined });
    focusOn(state.artwork ? "retry" : "input");
  };

  const remove = () =>
    start(async (line) => {
      const { artwork } = state;
      await call(line, `/artworks/${artwork}/delete`, {});
      // A photo that was ordered stays for its order, and the answer does not say so: is it still there?
      if (await isThere(line, artwork)) return set({ note: "kept" });
      reset();
      set({ note: "deleted" });
      focusOn("input");
    });

  /** A picture no longer loads: new links, at most twice a minute. */
  let refreshed = 0;
  const refresh = async () => {
    if (Date.now() - refreshed < 30_000 || !state.artwork || state.step === "painting") return;
    refreshed = Date.now();
    const line = { base: store.proxy, signal: run.signal };
    try {
      const [{ image }, answer] = await Promise.all([
        call(line, `/artworks/${state.artwork}`),
        state.preview && call(line, `/previews/${state.preview}`),
      ]);
      const fresh = (one) => ({ ...one, ...answer?.looks.find(({ look }) => look === one.look) });
      set({ photo: state.photo?.own ? state.photo : { url: image }, looks: state.looks.map(fresh) });
    } catch (error) {
      if (error instanceof Problem && error.code === "gone") fail(error);
    }
  };

  const add = async () => {
    const { look, preview, variant } = state;
    // A hosted page has no cart: there the button is what binds the look.
    if (store.mode === "page") {
      if (state.selecting) return;
      if (state.step !== "chosen") return store.say(problem());
      return start(async (line) => {
        set({ selecting: true });
        await bindLook(line, { look, preview, variant });
        set({ selecting: false });
      });
    }
    // One press is one kit, here or at the theme's button, until the cart is there.
    if (store.holding) return;
    store.holding = true;
    store.changed();
    const end = new AbortController();
    const { signal } = end;
    try {
      if (!(await store.settle())) return;
      const adding = addToCart(store.current(), store.selection?.properties ?? {}, signal);
      // An action that never ends must not keep the buttons shut.
      const refusal = await Promise.race([adding.catch(() => "unavailable"), pause(patience, signal)]);
      if (refusal) store.say(refusal);
    } finally {
      end.abort();
      store.holding = undefined;
      store.changed();
    }
  };

  /** How the frame lay before it was adjusted. */
  let before;
  const toggle = (name) => () => set({ [name]: !state[name] });
  const acts = {
    retry,
    cancel,
    refresh,
    delete: remove,
    choose: (look) => start((line) => select(line, look)),
    consent: (consented) => {
      set({ consented });
      if (consented && state.file && !state.artwork) take(state.file);
    },
    "compare-on": () => set({ comparing: !state.comparing, zoomed: false }),
    "zoom-on": toggle("zoomed"),
    adjust: (kit) => {
      before = { turned: state.turned, ratio: state.ratio };
      set({ adjusting: true, draft: state.crop });
      store.piece(kit, "frame").focus({ preventScroll: true });
    },
    "crop-turn": () => {
      const turned = !state.turned;
      const ratio = ratioOf(sizeNow(store), state.pixels, turned);
      set({ turned, ratio, draft: cropAround({ pixels: state.pixels, ratio }) });
    },
    "crop-cancel": (kit) => {
      set({ ...before, adjusting: false, draft: undefined });
      store.piece(kit, "adjust").focus({ preventScroll: true });
    },
    "crop-apply": () =>
      start(async (line) => {
        set({ crop: state.draft, adjusting: false });
        focusOn("looks-title");
        await paint(line);
      }),
  };

  const kept = recall(store);
  if (kept) resume(kept);
  else redraw();
  if (store.design && !kept)
    import("./dot-preview-sample.js").then(
      ({ showSample }) => showSample({ store, set, empty }),
      () => {},
    );
  document.addEventListener("paste", ({ target, clipboardData }) => {
    const [file] = clipboardData?.files ?? [];
    const kit = target.closest?.("dot-kit") ?? document.querySelector("dot-kit");
    const typing = target.closest?.("input:not([data-dot]), textarea, [contenteditable]");
    if (file && !typing && kit?.store === store) take(file);
  });
  // Back from the browser's page cache: what was under way was cut off.
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    if (["preparing", "painting"].includes(state.step) && state.artwork) retry();
    else changed();
  });
  return { take, changed, settle, problem, add };
};
