// The theme editor's preview: a sample photo and its paintings in each state, for a merchant who has no photo at hand.
// A photo that is added there goes the shopper's way.
import { Problem } from "./dot-preview-api.js";

/**
 * Adds a row of buttons, one for each state, and shows the looks.
 * @param {{store: object, set: (state: object) => void, empty: () => object}} studio
 */
export const showSample = ({ store, set, empty }) => {
  const { words, sample, piece } = store;
  const looks = sample.looks.map((image, n) => {
    const label = words[`sample_look_${n + 1}`];
    return { look: `sample-${n + 1}`, label, image, large: image };
  });
  const blank = looks.map(({ look, label }) => ({ look, label }));
  const photo = { url: sample.photo };
  const states = {
    empty: {},
    painting: { step: "painting", photo, looks: blank },
    looks: { step: "chosen", photo, looks, look: "sample-2" },
    error: { step: "failed", photo, error: new Problem("preview_failed") },
  };
  const open = (name) => set({ ...empty(), ...states[name], sample: true });
  for (const kit of store.kits) {
    const row = document.createElement("div");
    row.className = "dot-kit__row dot-kit__sample";
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", words.sample_title);
    for (const name of Object.keys(states)) {
      const button = Object.assign(document.createElement("button"), { type: "button" });
      button.textContent = words[`sample_${name}`];
      button.addEventListener("click", () => open(name));
      row.append(button);
    }
    piece(kit, "steps").after(row);
  }
  open("looks");
};
