// @ts-check
/** @import { Add, On } from "./types.js" */
import { guard } from "./guard.js";

/**
 * Observes pointer activity, and how long each part of the item was visible.
 *
 * @param {Element | null | undefined} source
 * @param {On} on
 * @param {Add} add
 * @returns {() => void}  to be called once a second
 */
export const watchAttention = (source, on, add) => {
  // The fields of q: moves, distance, clicks, wheel, touches, largest jump.
  /** @type {[number, number, number, number, number, number]} */
  const sums = [0, 0, 0, 0, 0, 0];
  /** @type {number} */
  let x;
  /** @type {number} */
  let y;
  /** @type {[top: number, height: number]} */
  let view = [0, 0];
  let seen = 0;

  on(window, "pointermove", (e) => {
    const step = Math.hypot(e.clientX - x, e.clientY - y) || 0;
    x = e.clientX;
    y = e.clientY;
    sums[0]++;
    sums[1] += step;
    sums[5] = Math.max(sums[5], step);
  });
  on(window, "pointerdown", (e) => void sums[e.pointerType === "touch" ? 4 : 2]++);
  on(window, "wheel", () => void sums[3]++);

  // Unlike a rectangle, an observer knows what the surrounding frame hides. Recreated every second, it is a timer as well.
  const observer = new IntersectionObserver(
    guard((/** @type {any[]} */ [entry]) => {
      const { top, height } = entry.intersectionRect;
      /** @type {typeof view} */
      const now = [Math.round(entry.target.scrollTop + top - entry.boundingClientRect.top), Math.round(height)];
      if (seen && (seen >= 1e4 || `${now}` !== `${view}`)) {
        add(["g", ...view, seen]);
        seen = 0;
      }
      view = now;
      if (height) seen += 1e3;
    })
  );

  return () => {
    if (sums.some(Boolean)) add(["q", .../** @type {typeof sums} */ (sums.map(Math.round))]);
    sums.fill(0);
    observer.disconnect();
    if (source) observer.observe(source);
  };
};
