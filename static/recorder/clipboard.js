// @ts-check
/** @import { On, Where } from "./types.js" */
import { flags, hash } from "./text.js";

/** @param {string | undefined} text */
const lf = (text = "") => text.replace(/\r\n?/g, "\n");

/**
 * The part of an element's text that a range covers, as offsets in that text; undefined if it covers none.
 *
 * @param {Element | null | undefined} element
 * @param {Range} range
 * @returns {[start: number, end: number] | undefined}
 */
export const within = (element, range) => {
  if (!element || !range.intersectsNode(element)) return undefined;
  const part = range.cloneRange();
  if (!element.contains(part.startContainer)) part.setStart(element, 0);
  if (!element.contains(part.endContainer)) part.setEnd(element, element.childNodes.length);
  const { length } = `${part}`;
  part.setStart(element, 0);
  const end = `${part}`.length;
  return length ? [end - length, end] : undefined;
};

/** @type {(data: DataTransfer | null) => [len: number, hash: number, text: string]} */
const carried = (data) => {
  const text = lf(data?.getData("text/plain"));
  return [...hash(text), text.slice(0, 4e3)];
};

/**
 * What is copied anywhere in the page, and what is pasted or dropped into the answer box.
 *
 * @param {HTMLTextAreaElement} box
 * @param {[Where, Element | null | undefined][]} places  where a copy may come from; the first that it touches names it
 * @param {On} on
 */
export const watchClipboard = (box, places, on) => {
  /** @type {0 | 1} */
  let dragging = 0;

  on(document, "copy cut", (e) => {
    const type = e.type === "cut" ? "x" : "c";
    const { selectionStart: start, selectionEnd: end } = box;
    if (e.target === box) return start < end && [type, "answer", start, end, ...hash(box.value.slice(start, end))];
    const selection = getSelection();
    const text = lf(`${selection}`);
    if (!selection || !text) return;
    for (const [where, element] of places) {
      const part = within(element, selection.getRangeAt(0));
      if (part) return [type, where, ...part, ...hash(text)];
    }
    return [type, "other", -1, -1, ...hash(text)];
  });
  on(box, "paste", ({ clipboardData: data, isTrusted, defaultPrevented }) => {
    return ["p", ...carried(data), [...(data?.types ?? [])].slice(0, 9), flags(!isTrusted, defaultPrevented)];
  });
  on(document, "dragstart", () => void (dragging = 1));
  on(document, "dragend", () => void (dragging = 0));
  on(box, "drop", (e) => ["d", ...carried(e.dataTransfer), dragging]);
};
