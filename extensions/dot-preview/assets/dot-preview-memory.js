// What survives a reload in this tab: which photo, which preview, which look. Only ids; the pictures are the app's.
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
