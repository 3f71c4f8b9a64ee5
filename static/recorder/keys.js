// @ts-check
/** @import { Box, On } from "./types.js" */
import { flags } from "./text.js";

/** @param {KeyboardEvent} e */
const keyFlags = (e) =>
  flags(
    !e.isTrusted,
    e.repeat,
    e.shiftKey,
    e.ctrlKey,
    e.altKey,
    e.metaKey,
    e.isComposing,
    e.getModifierState("CapsLock"),
    e.getModifierState("AltGraph")
  );

/**
 * Observes keys and compositions in the answer box only. A script may give a key a name of any length.
 *
 * @param {Box} box
 * @param {On} on
 */
export const watchKeys = (box, on) => {
  on(box, "keydown", (e) => ["k", e.code.slice(0, 40), e.key.slice(0, 40), keyFlags(e)]);
  on(box, "keyup", (e) => ["u", e.code.slice(0, 40), keyFlags(e)]);
  on(box, "compositionstart", () => ["m", 1]);
  on(box, "compositionend", () => ["m", 0]);
};
