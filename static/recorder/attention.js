// @ts-check
/** @import { Add, On } from "./types.js" */

/**
 * Sums of what the pointer did, and which part of the item could be read for how long.
 *
 * @param {Element | null | undefined} source
 * @param {On} on
 * @param {Add} add
 * @returns {() => void}  to be called once a second
 */
export const watchAttention = (source, on, add) => {
  let [moves, distance, clicks, wheel, touches, jump] = [0, 0, 0, 0, 0, 0];
  let [x, y] = [NaN, NaN];
  /** @type {[top: number, height: number]} */
  let view = [0, 0];
  let seen = 0;

  on(window, "pointermove", (e) => {
    const step = Math.hypot(e.clientX - x, e.clientY - y) || 0;
    [x, y] = [e.clientX, e.clientY];
    moves++;
    distance += step;
    jump = Math.max(jump, step);
  });
  on(window, "pointerdown", (e) => void (e.pointerType === "touch" ? touches++ : clicks++));
  on(window, "wheel", () => void wheel++);

  // Unlike a rectangle, an observer knows what the frame around us hides. Asked anew every second, it is a clock as well.
  const observer = new IntersectionObserver(([entry]) => {
    if (!entry) return;
    const { target, boundingClientRect: whole, intersectionRect: shown } = entry;
    /** @type {typeof view} */
    const now = [Math.round(target.scrollTop + shown.top - whole.top), Math.round(shown.height)];
    if (seen && (seen >= 1e4 || `${now}` !== `${view}`)) {
      add(["g", ...view, seen]);
      seen = 0;
    }
    view = now;
    if (shown.height) seen += 1e3;
  });

  return () => {
    if (moves + clicks + wheel + touches) add(["q", moves, Math.round(distance), clicks, wheel, touches, Math.round(jump)]);
    moves = distance = clicks = wheel = touches = jump = 0;
    observer.disconnect();
    if (source) observer.observe(source);
  };
};
