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
      line.signal.throwIfAborted();
      await store.learn();
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
    if (found?.level === "small") throw Object.assign(new Problem("too_small"), { fill: found.fill });
  };

  /** Waits until the app has looked at the photo and made it safe. */
  const prepare = async (line) => {
    set({ step: "preparing" });
    const answer = await poll(line, `/artworks/${state.artwork}`, (found) => found.state !== "preparing");
    if (answer.state === "failed") throw new Problem(answer.error ?? "type");
    const pixels = state.pixels ?? answer.pixels ?? [answer.width, answer.height];
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
    unselect();
    await store.learn();
    const looks = state.looks.map(({ look, label }) => ({ look, label }));
    set({ variant, looks, adjusting: false, zoomed: false, draft: undefined });
    if (store.facts && !sizeNow(store)) throw new Problem("not_offered");
    shape();
    refuseSmall();
    set({ step: "painting" });
    const { artwork, crop } = state;
    const { preview } = await call(line, "/previews", {
      artwork,
      variant,
      ...(crop && { crop }),
      ...(again && { again }),
    });
    set({ preview });
    keep(store, state);
    await follow(line);
  };

  /** Shows looks as they come; the one that was chosen before is chosen again. */
  const follow = async (line) => {
    set({ step: "painting" });
    const patient = [8000, 60_000].map((ms, n) =>
      setTimeout(() => line.signal.aborted || set({ slow: ["painting_long", "painting_slow"][n] }), ms),
    );
    try {
      const { state: how, error } = await poll(line, `/previews/${state.preview}`, (answer) => {
        set({ looks: answer.looks.filter(({ look }) => !store.looks.length || store.looks.includes(look)) });
        return answer.state !== "working";
      });
      if (how !== "ready") throw new Problem(how === "expired" ? how : (error ?? "preview_failed"));
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
    store.selection = { ...chosen, properties };
    store.fill();
    const detail = { ...chosen, ref, thumbnail };
    store.kits.forEach((kit) =>
      kit.dispatchEvent(new CustomEvent("dot:selected", { bubbles: true, detail })),
    );
  };

  /** After a failure: from where it stopped. */
  const retry = () => {
    const { error, artwork, file, prepared, preview, look, variant } = state;
    if (!artwork) return file ? take(file) : undefined;
    return start(async (line) => {
      if (!prepared) await prepare(line);
      const again = ["expired", "preview_failed"].includes(error?.code);
      if (again || !preview || variant !== store.current()) return paint(line, again);
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
      shape();
      await (kept.preview && kept.variant === store.current() ? follow(line) : paint(line));
    });
  };

  return { take, paint, select, bindLook, retry, resume };
};
