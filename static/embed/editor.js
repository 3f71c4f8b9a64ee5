// @ts-check
import { PlainText } from "./plain_text.js";

/** A change of the content so soon after a gesture is the editor's answer to it, also on a busy device; a later one is a script's. */
const GESTURE_MS = 1000;

/** @typedef {{ inputType: string, data: string | null, timeStamp: number }} Gesture */
/** @typedef {(event: any) => void} Listener */

/** The kind of change that a key makes where an editor carries it out itself. @param {KeyboardEvent} event @returns {[inputType: string, data?: string] | undefined} */
const kindOf = ({ key, ctrlKey, metaKey, shiftKey, isComposing }) => {
  if (isComposing) return;
  const shortcut = ctrlKey || metaKey;
  if (shortcut && /^z$/i.test(key)) return [shiftKey ? "historyRedo" : "historyUndo"];
  if (shortcut && /^y$/i.test(key)) return ["historyRedo"];
  if (key === "Enter") return ["insertParagraph"];
  if (key === "Backspace") return ["deleteContentBackward"];
  if (key === "Delete") return ["deleteContentForward"];
  if (!shortcut && [...key].length === 1) return ["insertText", key];
};

/**
 * An element that can be edited (contenteditable), as the recorder sees an answer box: its plain text, the selection in it, and
 * its events. Editors often prevent what a browser would do and change the content themselves; no `input` event tells of that. Such
 * a change is told to the recorder as what the gesture before it asked for. Whether a key explains the text is judged by the server.
 */
export class EditorBox {
  #host;
  #keepsBlanks;
  #stop = new AbortController();
  /** @type {Record<string, Set<Listener>>} */
  #listeners = { beforeinput: new Set(), input: new Set() };
  /** @type {Gesture | undefined} */
  #gesture;
  /** A change that the browser has announced and is about to make. @type {InputEvent | undefined} */
  #announced;
  value = "";
  defaultValue = "";
  selectionStart = 0;
  selectionEnd = 0;

  /** @param {HTMLElement} host */
  constructor(host) {
    this.#host = host;
    this.#keepsBlanks = /^(pre|break-spaces)/.test(getComputedStyle(host).whiteSpace);
    this.#look();
    const observer = new MutationObserver(() => this.#changed());
    observer.observe(host, { childList: true, characterData: true, subtree: true });
    this.#stop.signal.addEventListener("abort", () => observer.disconnect());
    this.#watch();
  }

  /** In the first place among the listeners, so that the recorder finds the text as it is. */
  #watch() {
    /** @param {string} names @param {(event: any) => void} listener @param {EventTarget} [target] */
    const on = (names, listener, target = this.#host) => {
      for (const name of names.split(" "))
        target.addEventListener(name, listener, { capture: true, signal: this.#stop.signal });
    };
    on("keydown keyup", (event) => {
      this.#announced = undefined;
      this.#changed();
      if (event.type === "keydown") this.#gestureOf(event, kindOf(event));
    });
    on("beforeinput", (event) => {
      this.#changed();
      this.#announced = event;
      if (event.inputType !== "insertCompositionText") this.#gestureOf(event, [event.inputType, event.data]);
    });
    on("input", () => {
      this.#announced = this.#gesture = undefined;
      this.#look();
    });
    on("paste", (event) => this.#gestureOf(event, ["insertFromPaste"]));
    on("drop", (event) => this.#gestureOf(event, ["insertFromDrop"]));
    on("cut", (event) => this.#gestureOf(event, ["deleteByCut"]));
    on("selectionchange", () => this.#changed(), document);
  }

  /** @param {Event} event @param {[inputType: string, data?: string] | undefined} kind */
  #gestureOf({ isTrusted, timeStamp }, kind) {
    this.#gesture = kind && isTrusted ? { inputType: kind[0], data: kind[1] ?? null, timeStamp } : undefined;
  }

  #read() {
    const { anchorNode = null, anchorOffset = 0, focusNode = null, focusOffset = 0 } = getSelection() ?? {};
    const points = this.#host.contains(anchorNode)
      ? [
          { node: anchorNode, offset: anchorOffset },
          { node: focusNode, offset: focusOffset }
        ]
      : [];
    return new PlainText(this.#host, this.#keepsBlanks, points);
  }

  /** @param {PlainText} [found] */
  #look({ text, places } = this.#read()) {
    this.value = text;
    this.selectionStart = Math.min(...places, places.length ? Infinity : this.selectionStart, text.length);
    this.selectionEnd = Math.min(places.length ? Math.max(...places) : this.selectionEnd, text.length);
  }

  #changed() {
    const found = this.#read();
    // A change that the browser announced is told by its own event, which follows.
    if (found.text !== this.value && this.#announced && !this.#announced.defaultPrevented) return;
    const gesture = found.text !== this.value ? this.#gesture : undefined;
    if (!gesture || performance.now() > gesture.timeStamp + GESTURE_MS) return this.#look(found);
    const event = { ...gesture, isTrusted: true, isComposing: false, defaultPrevented: false };
    this.#gesture = this.#announced = undefined;
    this.#tell("beforeinput", event);
    this.#look(found);
    this.#tell("input", event);
  }

  /** @param {string} name @param {object} event */
  #tell(name, event) {
    for (const listener of [...(this.#listeners[name] ?? [])]) listener(event);
  }

  /** @param {string} name @param {Listener} listener @param {AddEventListenerOptions} options */
  addEventListener(name, listener, options) {
    this.#host.addEventListener(name, listener, options);
    this.#listeners[name]?.add(listener);
    options.signal?.addEventListener("abort", () => this.#listeners[name]?.delete(listener));
  }

  /** @param {Node | null} node */
  contains(node) {
    return this.#host.contains(node);
  }

  /**
   * Puts a text in where the caret is. Editors take it from a paste, as which it comes with their own state; what knows of no
   * paste takes it from the document.
   *
   * @param {string} text
   */
  insert(text) {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    if (this.#host.dispatchEvent(paste)) {
      // biome-ignore lint/performance/useDomNodeTextContent: keeps line breaks as paragraphs
      this.#host.innerText = text + (this.value && "\n") + this.value;
      this.#host.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.#changed();
  }

  stop() {
    this.#stop.abort();
  }
}
