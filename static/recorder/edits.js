// @ts-check
/** @import { Box, Edits, Log, On } from "./types.js" */
import { diff, flags, hash } from "./text.js";

/**
 * Observes edits by comparing the answer box with a shadow copy. What an event says about a change is not trusted.
 *
 * @param {Box} box
 * @param {Log} log
 * @param {On} on
 * @returns {Edits}
 */
export const watchEdits = (box, log, on) => {
  let unchecked = 0;
  let since = 0;
  /** @type {InputEvent | undefined} */
  let announced;
  let shadow = box.value;
  /** @returns {[start: number, end: number]} */
  const selection = () => [box.selectionStart, box.selectionEnd];
  let selected = selection();
  const unmoved = () => box.selectionStart === selected[0] && box.selectionEnd === selected[1];

  /** @type {(cause: string, event?: InputEvent) => void} */
  const change = (cause, event) => {
    const { value } = box;
    if (value === shadow) return;
    // These kinds replace exactly what was selected; a correction or an undo may change another place.
    const exact = announced && /^insert(Text|Line|FromPaste)/.test(cause);
    let [pos, del, ins] = diff(shadow, value, box.selectionEnd, ...(exact ? selected : []));
    const seen = announced?.inputType === cause && !announced.defaultPrevented;
    const sum = event ? flags(!event.isTrusted, seen, event.isComposing, event.data && event.data !== ins) : 0;
    /** @type {[] | [typeof selected]} */
    const range = event && selected[0] < selected[1] ? [selected] : [];
    // Split, so that no text is too long for a batch; the flag u keeps surrogate pairs whole.
    for (const piece of ins.match(/[^]{1,4000}/gu) ?? [""]) {
      log.add(["e", pos, del, piece, cause, sum, ...range], event?.timeStamp);
      pos += piece.length;
      del = 0;
    }
    shadow = value;
    selected = selection();
    if (++unchecked >= 50) edits.checkpoint();
  };

  /** @type {Edits} */
  const edits = {
    compare() {
      // Firefox ends a composition between the announcement and the event: that change is not silent.
      if (!announced) change("silent");
    },
    checkpoint(always) {
      if (always || unchecked) log.add(["n", ...hash(shadow)]);
      unchecked = 0;
    },
    look() {
      announced = undefined;
      edits.compare();
      caret();
    }
  };

  // A script that sets the value nearly always moves the caret. Comparing texts at each keystroke's own move would cost more.
  const caret = () => {
    if (unmoved()) return;
    edits.compare();
    const now = performance.now();
    if (now < since + 100 || unmoved()) return;
    since = now;
    log.add(["s", ...(selected = selection())]);
  };

  // The input event follows its announcement in the same task or never. A timer set at each announcement cost as much as all the
  // rest of a keystroke, so the next key, or the next look, forgets what nothing followed.
  on(box, "keydown keyup", () => void (announced = undefined));
  on(box, "beforeinput", (e) => {
    // WebKit announces both halves of a drag, the second when the first is done, and fires both input events at the end.
    change(announced?.inputType ?? "silent", announced);
    selected = selection();
    if (e.isTrusted) announced = e;
  });
  on(box, "input", (e) => {
    // What holds no text is the kind of change that was announced last; a script's insertion holds what it inserts.
    change(((e.data ? e : (announced ?? e)).inputType ?? "").slice(0, 40), e);
    announced = undefined;
  });
  on(document, "selectionchange", caret);
  return edits;
};
