// The road of one photo: read, made smaller, uploaded, made safe, painted, chosen. Each stretch can be walked again
// after a failure or a reload; the studio sees to it that only one is walked at a time.
import { call, poll, Problem, upload } from "./dot-preview-api.js";
import { keep } from "./dot-preview-memory.js";
import { checkFile, shrink } from "./dot-preview-photo.js";
import { cropAround, ratioOf, reshape } from "./dot-preview-sizes.js";

/** Until the app has said it. */
const defaultMaxBytes = 25 * 1024 * 1024;
/** The largest file for this shop. */
export const maxBytes = (store) => store.facts?.max_bytes ?? defaultMaxBytes;

/** The size of the variant of the moment; undefined when unknown or not made from photos. */
export const sizeNow = (store) => store.facts?.sizes[store.current()];

/**
 * The stretches of the road.
 * @param {object} studio store, state, and how the studio sets, resets, starts, advises and moves the focus
 */
export const makeFlow = ({ store, state, set, reset, start, unselect, advice, focusOn }) => {
  const take = (file) => {
    if (store.consent && !state.consented) {
      set({ file, error: new Problem("consent") });
      for (const kit of store.kits) store.piece(kit, "consent")?.focus();
      return undefined;
    }
    return start(async (line) => {
      reset();
      state.file = file;
      checkFile(file, maxBytes(store));
      set({ step: "reading" });
      focusOn("status");
      const { blob, pixels, url } = await shrink(file);
      await store.learn();
      if (line.signal.aborted && url) URL.revokeObjectURL(url);
      line.signal.throwIfAborted();
      set({ pixels, photo: url && { url, own: true }, variant: store.current() });
      shape();
      refuseSmall();
      set({ step: "uploading" });
      const what = { photo: blob, product: store.product, variant: store.current() };
      const artwork = await upload(line, what, (progress) => set({ progress }));
      set({ artwork });
      keep(store, state);
      await prepare(line);
      await paint(line);
    });
  };

  const refuseSmall = () => {
    const found = advice();
    if (found?.level !== "small") return;
    throw Object.assign(new Problem("too_small"), { word: found.word, fill: found.fill });
  };

  /** Waits until the app has looked at the photo and made it safe. */
  const prepare = async (line) => {
    set({ step: "preparing" });
    const answer = await poll(line, `/artworks/${state.artwork}`, (found) => found.state !== "preparing");
    if (answer.state === "failed") {
      const code = answer.error?.code ?? "type";
      // The app has given this upload up: only the photo itself, added once more, helps.
      throw new Problem(code === "unavailable" ? "gone" : code);
    }
    // What the app holds is what it measures by.
    const pixels = [answer.width, answer.height];
    set({ prepared: true, pixels, photo: state.photo ?? { url: answer.image } });
  };

  /** The crop in the shape of the chosen size; the shopper's own keeps its centre and zoom. */
  const shape = () => {
    const { pixels, turned, crop } = state;
    if (!sizeNow(store) || !pixels) return;
    const ratio = ratioOf(sizeNow(store), pixels, turned);
    Object.assign(state, {
      ratio,
      crop: crop ? reshape(crop, { pixels, ratio }) : cropAround({ pixels, ratio }),
    });
  };

  /** Has the photo painted for the chosen size. @param {object} line @param {boolean} [again] not the one from before */
  const paint = async (line, again) => {
    const variant = store.current();
    const before = store.selection?.variant === variant ? store.selection : undefined;
    // A choice for another size stays good for that one.
    if (before) unselect();
    await store.learn();
    line.signal.throwIfAborted();
    const looks = state.looks.map(({ look, label }) => ({ look, label }));
    // Without the preview from before: a retry must not take that one for this size.
    set({ variant, looks, preview: undefined, adjusting: false, zoomed: false, draft: undefined });
    if (store.facts && !sizeNow(store)) throw new Problem("not_offered");
    shape();
    const { artwork, crop, turned, ratio } = state;
    const wish = { artwork, variant, ...(crop && { crop }), ...(again && { again }) };
    let preview;
    try {
      refuseSmall();
      set({ step: "painting" });
      ({ preview } = await call(line, "/previews", wish));
    } catch (error) {
      line.signal.throwIfAborted();
      // Nothing new was begun: what was chosen before can still be bought, and `retry` knows what was wished.
      if (before) {
        store.selection = before;
        store.fill();
        set({ ...before.shown, step: "chosen", wished: { crop, turned, ratio } });
      }
      throw Object.assign(error, again && { again });
    }
    set({ preview });
    keep(store, state);
    await follow(line);
  };

  /** A preview that is over: what was chosen of it must not pass the gate, and the same wish finds it again. */
  const over = ({ state: how, error }) => {
    if (store.selection?.preview === state.preview) unselect();
    keep(store, state);
    const code = error?.code ?? (how === "expired" ? how : "preview_failed");
    return Object.assign(new Problem(code), { again: true });
  };

  /** Shows looks as they come; the one that was chosen before is chosen again. */
  const follow = async (line) => {
    set({ step: "painting" });
    const patient = [8000, 60_000].map((ms, n) =>
      setTimeout(() => line.signal.aborted || set({ slow: ["painting_long", "painting_slow"][n] }), ms),
    );
    try {
      const answer = await poll(line, `/previews/${state.preview}`, (found) => {
        set({ looks: found.looks.filter(({ look }) => !store.looks.length || store.looks.includes(look)) });
        return found.state !== "working";
      });
      if (answer.state !== "ready") throw over(answer);
    } finally {
      patient.forEach(clearTimeout);
    }
    const { selection } = store;
    if (selection?.preview === state.preview && selection.look === state.look)
      return set({ step: "chosen", slow: undefined });
    if (state.looks.some(({ look }) => look === state.look)) return select(line, state.look);
    set({ step: "choose", slow: undefined, look: undefined });
    focusOn("looks-title");
  };

  /** Binds the look to the variant; from here on the line may go into the cart. */
  const select = async (line, look) => {
    unselect();
    const { variant, preview } = state;
    const page = store.mode === "page";
    set({ look, step: "chosen", slow: undefined, selecting: !page });
    keep(store, state);
    if (page) return;
    await bindLook(line, { preview, look, variant });
    set({ selecting: false });
    keep(store, state);
  };

  const bindLook = async (line, chosen) => {
    const { ref, thumbnail } = await call(line, "/selections", chosen);
    const label = state.looks.find(({ look }) => look === chosen.look)?.label ?? chosen.look;
    const { property_design, property_photo } = store.words;
    const properties = { _dot_ref: ref, [property_design]: label, [property_photo]: thumbnail };
    const { preview, looks, crop, turned, ratio } = state;
    const shown = { preview, look: chosen.look, looks, crop, turned, ratio };
    store.selection = { ...chosen, properties, shown };
    store.fill();
    const detail = { ...chosen, ref, thumbnail };
    store.kits.forEach((kit) =>
      kit.dispatchEvent(new CustomEvent("dot:selected", { bubbles: true, detail })),
    );
  };

  /** After a failure: from where it stopped. */
  const retry = () => {
    const { error, artwork, file, prepared, preview, look, variant, wished } = state;
    if (!artwork) return file ? take(file) : undefined;
    return start(async (line) => {
      if (!prepared) await prepare(line);
      const again = error?.again || error?.code === "expired";
      if (wished) set(wished);
      if (wished || again || !preview || variant !== store.current()) return paint(line, again);
      await (look && state.looks.some(({ image }) => image) ? select(line, look) : follow(line));
    });
  };

  /** Where the shopper was before the reload. A look that was chosen can be bought meanwhile. */
  const resume = (kept) => {
    Object.assign(state, kept, { step: "preparing" });
    store.selection = kept.selection;
    store.fill();
    return start(async (line) => {
      await prepare(line);
      await store.learn();
      line.signal.throwIfAborted();
      shape();
      await (kept.preview && kept.variant === store.current() ? follow(line) : paint(line));
    });
  };

  return { take, paint, select, bindLook, retry, resume };
};
