// @ts-check
/** @import { Box, On, Where } from "./types.js" */
import { flags, hash } from "./text.js";

/**
 * The part of an element's text that a range covers, as offsets in that text; undefined if it covers none.
 *
 * @param {Element | null | undefined} element
 * @param {Range} range
 * @returns {[start: number, end: number] | undefined}
 */
export const within = (element, range) => {
  if (!element || !range.intersectsNode(element)) return;
  const part = range.cloneRange();
  if (!element.contains(part.startContainer)) part.setStart(element, 0);
  if (!element.contains(part.endContainer)) part.setEnd(element, element.childNodes.length);
  const { length } = `${part}`;
  part.setStart(element, 0);
  const end = `${part}`.length;
  if (length) return [end - length, end];
};

/** @type {(data: DataTransfer | null) => [len: number, hash: number, text: string]} */
const carried = (data) => {
  const text = data?.getData("text/plain").replace(/\r\n?/g, "\n") ?? "";
  return [...hash(text), text.slice(0, 4e3)];
};

/**
 * Observes copies anywhere in the page, and pastes and drops into the answer box.
 *
 * @param {Box} box
 * @param {[Where, Element | null | undefined][]} places  possible sources of a copy; the first that it overlaps is logged
 * @param {On} on
 */
export const watchClipboard = (box, places, on) => {
  let drag = 0;

  on(document, "copy cut", (e) => {
    const type = e.type === "copy" ? "c" : "x";
    const ours = box.contains(/** @type {Node} */ (e.target));
    const {
      value,
      selectionStart: start,
      selectionEnd: end
    } = ours ? box : /** @type {HTMLTextAreaElement} */ (e.target);
    // Firefox's selection does not include a field's text. The value of a list's item is a number.
    const typed = value?.slice?.(start, end);
    if (ours) return typed && [type, "answer", start, end, ...hash(typed)];
    const text = typed || `${getSelection()}`;
    for (const [where, element] of typed ? [] : places) {
      const part = within(element, /** @type {Selection} */ (getSelection()).getRangeAt(0));
      if (part) return [type, where, ...part, ...hash(text)];
    }
    return text && [type, "other", -1, -1, ...hash(text)];
  });
  on(box, "paste", (e) => {
    const types = (e.clipboardData?.types ?? []).slice(0, 9).map((text) => text.slice(0, 99));
    return ["p", ...carried(e.clipboardData), types, flags(!e.isTrusted, e.defaultPrevented)];
  });
  on(document, "dragstart", () => void (drag = 1));
  on(document, "dragend", () => void (drag = 0));
  on(box, "drop", (e) => ["d", ...carried(e.dataTransfer), drag]);
};
