// @ts-check
import { record } from "../recorder/recorder.js";
import { followDraft } from "../worker/draft.js";
import { setText } from "./box.js";
import { address } from "./server.js";

/** @typedef {{ box: HTMLTextAreaElement, source: Element | null, instructions: Element | null, onStatus?: import("./types.js").Options["onStatus"] }} Given */

/** Join a draft and what was typed before it arrived, both complete. @param {string} draft @param {string} typed */
const joined = (draft, typed) => draft + (typed && !/\s$/.test(draft) ? "\n" : "") + typed;

/**
 * Records from its creation on, so that no key waits for the server. Until the server has admitted the recording, the log
 * is kept in the page's memory, and `stop` discards it.
 */
export class Recording {
  #given;
  #heard = new AbortController();
  #written = false;
  #composing = false;
  #ticket = "";
  /** The draft at the beginning of the box. */
  #draft = "";
  #recorder;

  /** @param {Given} given */
  constructor(given) {
    this.#given = given;
    this.#recorder = this.#record();
    given.box.addEventListener("input", (event) => this.#hear(/** @type {InputEvent} */ (event)), { capture: true, signal: this.#heard.signal });
  }

  #record(draft = false) {
    return record({ ...this.#given, ticket: "", url: address("events"), draft });
  }

  /** Record a box without input as it is now: the browser may have restored a text meanwhile. @param {boolean} [draft] */
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
    await followDraft(address("draft"), ticket, (text) => this.#restore(text));
    if (!this.#written) this.#recorder.start(ticket);
  }

  /** Insert the draft, and keep what was typed before it arrived. @param {string} text */
  #restore(text) {
    const { box } = this.#given;
    const { value } = box;
    if (this.#composing) return box.addEventListener("compositionend", () => setTimeout(() => this.#restore(text)), { once: true });
    if (!this.#written) {
      // Keep what the browser itself restored.
      if (value !== box.defaultValue) return;
      // The old log does not record the draft: the new one begins with it.
      this.#recorder.stop();
      setText(box, text);
      box.defaultValue = this.#draft = text;
      return this.#begin(true);
    }
    if (value.includes(text) || !value.startsWith(this.#draft)) return;
    const typed = value.slice(this.#draft.length);
    const fromEnd = value.length - box.selectionStart;
    setText(box, this.#draft ? text + typed : joined(text, typed));
    this.#draft = text;
    if (document.activeElement === box) box.setSelectionRange(box.value.length - fromEnd, box.value.length - fromEnd);
  }

  submit() {
    return this.#recorder.submit();
  }

  /** Discard what was not sent yet if the server has not admitted the recording. */
  stop() {
    this.#heard.abort();
    this.#recorder.stop();
  }
}
