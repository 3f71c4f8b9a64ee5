// @ts-check
// The plain text of an editor's content, and where in it the points of a selection are. Offsets are UTF-16 code units.

const BLOCKS = new Set(
  "ADDRESS ARTICLE ASIDE BLOCKQUOTE DD DIV DL DT FIGCAPTION FIGURE FOOTER H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN OL P PRE SECTION TABLE TR UL".split(
    " "
  )
);
/** Editors put these where the caret would have no place; they are no text of the person's. */
const UNSEEN = /[\u200b\u2060\ufeff]/g;

/** @typedef {{ node: Node | null, offset: number }} Point */

/**
 * One walk over the content. Each block is a line of its own; a line break that only keeps its line open adds none; the blanks that
 * browsers write where one would not show are plain ones.
 */
export class PlainText {
  text = "";
  /** For each point its offset in the text. @type {number[]} */
  places;
  #points;
  #keepsBlanks;
  /** Lines begun so far. */
  #lines = 0;
  /** The next text begins a line. */
  #due = false;

  /** @param {Element} host @param {boolean} keepsBlanks  as `white-space: pre-wrap` does @param {Point[]} points */
  constructor(host, keepsBlanks, points) {
    this.#points = points;
    this.#keepsBlanks = keepsBlanks;
    this.places = points.map(() => -1);
    this.#children(host);
    this.places = this.places.map((place) => (place < 0 ? this.text.length : place));
  }

  /** @param {Node} parent */
  #children(parent) {
    let at = 0;
    for (const child of parent.childNodes) {
      this.#note(parent, at++);
      if (child instanceof Text) this.#string(child);
      else if (child instanceof Element) this.#element(child);
    }
    this.#note(parent, at);
  }

  /** @param {Element} element */
  #element(element) {
    if (element.localName === "br") return this.#lineBreak(element);
    const block = BLOCKS.has(element.tagName);
    const lines = this.#lines;
    if (block) this.#due = lines > 0;
    this.#children(element);
    if (block && this.#lines === lines) this.#begin();
    if (block) this.#due = true;
  }

  /** @param {Text} node */
  #string(node) {
    const { data } = node;
    const between = !this.#keepsBlanks && data.includes("\n") && !data.trim();
    const seen = between ? "" : this.#seen(data);
    if (seen) this.#begin();
    for (const [index, { node: place, offset }] of this.#points.entries()) {
      if (place === node) this.places[index] = this.#here() + (seen ? this.#seen(data.slice(0, offset)).length : 0);
    }
    this.text += seen;
  }

  /** @param {Element} element */
  #lineBreak(element) {
    this.#begin();
    const next = element.nextSibling;
    if (next && !(next instanceof Element && BLOCKS.has(next.tagName))) this.text += "\n";
  }

  /** @param {string} data */
  #seen(data) {
    return data.replace(UNSEEN, "").replace(this.#keepsBlanks ? /\u00a0/g : /[\u00a0\n\t]/g, " ");
  }

  #begin() {
    if (this.#due || !this.#lines) this.#lines++;
    if (this.#due) this.text += "\n";
    this.#due = false;
  }

  #here() {
    return this.text.length + Number(this.#due);
  }

  /** @param {Node} node @param {number} offset */
  #note(node, offset) {
    for (const [index, point] of this.#points.entries()) {
      if (point.node === node && point.offset === offset) this.places[index] = this.#here();
    }
  }
}
