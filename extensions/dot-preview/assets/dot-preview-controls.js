// What a shopper can press, tick and pull in one block, each to the studio's act of the same name.
import { bindCrop } from "./dot-preview-crop.js";

/**
 * Binds one block, once.
 * @param {HTMLElement} kit
 * @param {{store: object, state: object, redraw: () => void, acts: Record<string, Function>}} studio
 */
export const bindControls = (kit, studio) => {
  const { store, state, redraw, acts } = studio;
  kit.addEventListener("click", ({ target }) => {
    const pressed = target.closest("button[data-dot]");
    if (!pressed) return;
    const name = pressed.dataset.dot;
    if (name === "other") store.piece(kit, "input").click();
    else acts[name]?.(kit);
  });
  kit.addEventListener("change", ({ target }) => {
    const { dot } = target.dataset;
    if (dot === "look" && target.checked) acts.choose(target.value);
    if (dot === "consent") acts.consent(target.checked);
    if (dot === "variant") store.changed();
  });
  kit.addEventListener("input", ({ target }) => {
    if (target.dataset.dot !== "compare") return;
    state.cover = Number(target.value);
    redraw();
  });
  // A signed link is short-lived: a picture that no longer loads is asked for again.
  kit.addEventListener("error", ({ target }) => target.matches?.("img[src]") && acts.refresh(), true);
  for (const [name, over] of [
    ["dragenter", true],
    ["dragover", true],
    ["dragleave", false],
    ["drop", false],
  ])
    kit.addEventListener(name, () => kit.toggleAttribute("data-dragging", over));
  bindCrop(kit, studio);
};
