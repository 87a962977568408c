// Adjusting: drag, pinch, wheel, arrow keys, arrow buttons and a slider move the photo behind a frame in the size's
// shape. Nothing of it needs a drag (WCAG 2.5.7), and the shape is locked to the size that is paid.
import { centreOf, cropAround } from "./dot-preview-sizes.js";

const mostZoom = 4;
const stride = 0.02;

/**
 * Binds the frame of one block.
 * @param {HTMLElement} kit
 * @param {{store: object, state: object, redraw: () => void}} studio state.draft is the crop being made
 */
export const bindCrop = (kit, { store, state, redraw }) => {
  const frame = store.piece(kit, "frame");
  const slider = store.piece(kit, "crop-zoom");
  /** @type {Map<number, {x: number, y: number}>} fingers on the frame */
  const fingers = new Map();

  const set = (wish) => {
    const { pixels, ratio, draft } = state;
    const now = { ...centreOf(draft), ...wish };
    const zoom = Math.min(Math.max(now.zoom, 1), mostZoom);
    state.draft = cropAround({ pixels, ratio, ...now, zoom });
    slider.value = String(zoom);
    redraw();
  };
  const move = (right, down) => {
    const { x, y } = centreOf(state.draft);
    set({ x: x + right * state.draft.width, y: y + down * state.draft.height });
  };
  const zoomBy = (factor) => set({ zoom: centreOf(state.draft).zoom * factor });

  const gap = () => {
    const [one, other] = [...fingers.values()];
    return Math.hypot(one.x - other.x, one.y - other.y);
  };
  frame.addEventListener("pointerdown", (event) => {
    if (!state.adjusting) return;
    frame.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  frame.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before || !state.adjusting) return;
    const apart = fingers.size === 2 ? gap() : 0;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (apart > 0) return zoomBy(gap() / apart);
    const { width, height } = frame.getBoundingClientRect();
    move((before.x - event.clientX) / width, (before.y - event.clientY) / height);
  });
  for (const name of ["pointerup", "pointercancel"])
    frame.addEventListener(name, ({ pointerId }) => fingers.delete(pointerId));
  frame.addEventListener(
    "wheel",
    (event) => {
      if (!state.adjusting) return;
      event.preventDefault();
      zoomBy(event.deltaY < 0 ? 1.08 : 1 / 1.08);
    },
    { passive: false },
  );

  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  frame.addEventListener("keydown", (event) => {
    if (!state.adjusting) return;
    const arrow = arrows[event.key];
    const zoom = { "+": 1.1, "=": 1.1, "-": 1 / 1.1 }[event.key];
    if (!arrow && !zoom) return;
    event.preventDefault();
    const far = event.shiftKey ? 5 : 1;
    if (arrow) move(arrow[0] * stride * far, arrow[1] * stride * far);
    else zoomBy(zoom);
  });
  slider.max = String(mostZoom);
  slider.addEventListener("input", () => set({ zoom: Number(slider.value) }));
  for (const [key, [right, down]] of Object.entries(arrows))
    store.piece(kit, `crop-${key.slice(5).toLowerCase()}`).addEventListener("click", () => {
      move(right * stride * 2, down * stride * 2);
    });
};
