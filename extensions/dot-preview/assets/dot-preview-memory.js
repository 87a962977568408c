// What the studio knows, and what of it survives a reload in this tab: which photo, which preview, which look. Only
// ids and links; the pictures are the app's.

/** Nothing is said or under way. */
export const quiet = {
  selecting: false,
  error: undefined,
  note: undefined,
  waiting: undefined,
  slow: undefined,
  /** The part that was to be painted when nothing could be begun. */
  wished: undefined,
};

/** Before there is a photo. */
export const empty = () => ({
  ...quiet,
  step: "empty",
  file: undefined,
  photo: undefined,
  pixels: undefined,
  crop: undefined,
  turned: false,
  artwork: undefined,
  prepared: false,
  preview: undefined,
  variant: undefined,
  looks: [],
  look: undefined,
  progress: 0,
  adjusting: false,
  draft: undefined,
  comparing: false,
  zoomed: false,
  cover: 50,
  sample: false,
});

const slot = (store) => `dot-kit:${store.product}`;

/** Remembers where the shopper is. Storage may be full or forbidden: then a reload begins anew. */
export const keep = (store, state) => {
  const { artwork, preview, variant, look, crop, turned, pixels, consented } = state;
  const { selection } = store;
  try {
    sessionStorage.setItem(
      slot(store),
      JSON.stringify({ artwork, preview, variant, look, crop, turned, pixels, consented, selection }),
    );
  } catch {
    // As said above.
  }
};

/** What was remembered, or undefined. */
export const recall = (store) => {
  try {
    const kept = JSON.parse(sessionStorage.getItem(slot(store)) ?? "null");
    return kept?.artwork ? kept : undefined;
  } catch {
    return undefined;
  }
};

/** Forgets it. */
export const forget = (store) => {
  try {
    sessionStorage.removeItem(slot(store));
  } catch {
    // Nothing was kept then.
  }
};
