// @ts-check
/** @import { Box, On } from "./types.js" */

/**
 * Observes presence: focus of the window and of the answer box, how the box got it, visibility of the page.
 *
 * @param {Box} box
 * @param {On} on
 */
export const watchPresence = (box, on) => {
  /** @type {"pointer" | "tab" | "touch"} */
  let how = "tab";
  let since = -1e3;
  /** @type {boolean | undefined} */
  let kept;

  on(window, "pointerdown pointerup", (e) => {
    how = e.pointerType === "touch" ? "touch" : "pointer";
    since = e.timeStamp;
  });
  on(window, "keydown", (e) => {
    if (e.key === "Tab") {
      how = "tab";
      since = e.timeStamp;
    }
  });
  on(window, "focus blur", (e) => {
    const target = e.target === window ? "window" : box.contains(/** @type {Node} */ (e.target)) && "answer";
    return target && ["f", +(e.type === "focus"), target, +document.hasFocus()];
  });
  // When the whole window loses and regains focus, the box keeps its own: no gesture caused it.
  on(box, "focus", (e) => !kept && ["a", e.timeStamp < since + 1e3 ? how : "script"]);
  on(box, "blur", () => void (kept = box.contains(document.activeElement)));
  on(window, "visibilitychange", () => ["v", document.visibilityState]);
  on(window, "pagehide freeze", (e) => ["v", /** @type {"pagehide" | "freeze"} */ (e.type)]);
  on(window, "pageshow", (e) => e.persisted && ["v", "pageshow-persisted"]);
};
