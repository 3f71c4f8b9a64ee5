// @ts-check
/** @import { On } from "./types.js" */
import { flags } from "./text.js";

/**
 * Keys and compositions, in the answer box and nowhere else. A script may name a key at any length.
 *
 * What a key was is asked when its batch is cut: many events in a row answer several times faster than each does between the
 * browser's own work for a keystroke. An event stays what it was, unless the page dispatches it again: then it is trusted no more.
 * And a script's event of this name need not be a keyboard's, nor what it calls a key be text.
 *
 * @param {HTMLTextAreaElement} box
 * @param {On} on
 */
export const watchKeys = (box, on) => {
  on(box, "keydown keyup", (e, { isTrusted } = e) => e.getModifierState && (() => [
    .../** @type {["u", string] | ["k", string, string]} */ (e.type === "keyup" ? ["u", (e.code + "").slice(0, 40)] : ["k", (e.code + "").slice(0, 40), (e.key + "").slice(0, 40)]),
    flags(!isTrusted, e.repeat, e.shiftKey, e.ctrlKey, e.altKey, e.metaKey, e.isComposing, e.getModifierState("CapsLock"), e.getModifierState("AltGraph")),
  ]));
  on(box, "compositionstart", () => ["m", 1]);
  on(box, "compositionend", () => ["m", 0]);
};
