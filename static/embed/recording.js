// @ts-check
import { record } from "../recorder/recorder.js";
import { followDraft } from "../worker/draft.js";
import { restoreText } from "./box.js";
import { EditorBox } from "./editor.js";
import { address } from "./server.js";

/** @typedef {{ element: HTMLElement, source: Element | null, instructions: Element | null, onStatus?: import("./types.js").Options["onStatus"] }} Given */

/** Join a draft and what was typed before it arrived, both complete. @param {string} draft @param {string} typed */
const joined = (draft, typed) => draft + (typed && !/\s$/.test(draft) ? "\n" : "") + typed;

/**
 * Records from its creation on, so that no key waits for the server. Until the server has admitted the recording, the log
 * is kept in the page's memory, and `stop` discards it.
 */
export class Recording {
  #given;
  #box;
  #listening = new AbortController();
  #written = false;
  #composing = false;
  #ticket = "";
  /** The draft at the beginning of the box. */
  #draft = "";
  #recorder;

  /** @param {Given} given */
  constructor(given) {
    this.#given = given;
    this.#box = given.element instanceof HTMLTextAreaElement ? given.element : new EditorBox(given.element);
    this.#recorder = this.#record();
    this.#box.addEventListener("input", (/** @type {any} */ event) => this.#hear(event), {
      capture: true,
      signal: this.#listening.signal
    });
  }

  /** @param {string} [draft] */
  #record(draft) {
    return record({ ...this.#given, box: this.#box, ticket: "", url: address("events"), draft });
  }

  /** Record a box without input as it is now: the browser may have restored a text meanwhile. @param {string} [draft] */
  #begin(draft) {
    this.#recorder.stop();
    this.#recorder = this.#record(draft);
  }

  /** @param {InputEvent} event */
  #hear(event) {
    this.#composing = event.isComposing;
    if (this.#written || !event.isTrusted) return;
    this.#written = true;
    if (this.#ticket) this.#recorder.start(this.#ticket);
  }

  /** The server has admitted this page load's log. @param {string} ticket @param {boolean} returning  there may be a draft */
  async admit(ticket, returning) {
    if (!this.#written) this.#begin();
    this.#ticket = ticket;
    if (this.#written || !returning) this.#recorder.start(ticket);
    if (!returning) return;
    let last = "";
    await followDraft(address("draft"), ticket, (text) => {
      last = text;
      // An editor is given the whole draft once: it cannot be told to take one back.
      if (this.#box instanceof HTMLTextAreaElement) this.#restore(text);
    });
    if (last) this.#restore(last);
    if (!this.#written) this.#recorder.start(ticket);
  }

  /** Insert the draft, and keep what was typed before it arrived. @param {string} text */
  #restore(text) {
    const box = this.#box;
    const { value } = box;
    if (this.#composing)
      return box.addEventListener("compositionend", () => setTimeout(() => this.#restore(text)), { once: true });
    if (value === text) return;
    if (!this.#written) {
      // Keep what the browser itself restored.
      if (value !== box.defaultValue) return;
      // The old log does not record the draft: the new one begins with it.
      this.#recorder.stop();
      restoreText(box, text);
      box.defaultValue = this.#draft = text;
      return this.#begin(text);
    }
    if (value.includes(text) || !value.startsWith(this.#draft)) return;
    const typed = value.slice(this.#draft.length);
    const fromEnd = value.length - box.selectionStart;
    restoreText(box, text, this.#draft ? text + typed : joined(text, typed));
    this.#draft = text;
    if (box instanceof HTMLTextAreaElement && document.activeElement === box)
      box.setSelectionRange(box.value.length - fromEnd, box.value.length - fromEnd);
  }

  /** What stands in the box, as plain text. */
  get text() {
    return this.#box.value;
  }

  submit() {
    return this.#recorder.submit();
  }

  /** Discard what was not sent yet if the server has not admitted the recording. */
  stop() {
    this.#listening.abort();
    this.#recorder.stop();
    if (this.#box instanceof EditorBox) this.#box.stop();
  }
}
