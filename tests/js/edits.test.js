// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { watchEdits } from "../../static/recorder/edits.js";
import { hash } from "../../static/recorder/text.js";
import { simulateTime } from "./clock.js";
import { makePage, makeRecorder } from "./page.js";

/** @param {import("node:test").TestContext} t @param {string} [value] */
const start = (t, value = "") => {
  const time = simulateTime(t);
  const page = makePage(t);
  page.box.value = value;
  page.box.select(value.length);
  const { entries, on, log } = makeRecorder();
  const edits = watchEdits(/** @type {any} */ (page.box), log, on);
  return { ...page, time, entries, edits };
};

test("an edit is what changed, flagged as announced", (t) => {
  const { edit, box, entries } = start(t, "ab");
  edit("insertText", "c");
  box.select(1);
  edit("insertText", "x");
  assert.deepEqual(entries, [
    ["e", 2, 0, "c", "insertText", 2],
    ["e", 1, 0, "x", "insertText", 2]
  ]);
});

test("a replaced selection is told, whole", (t) => {
  const { edit, box, entries } = start(t, "one two");
  box.select(4, 7);
  edit("insertFromPaste", "twice");
  assert.deepEqual(entries, [["e", 4, 3, "twice", "insertFromPaste", 2, [4, 7]]]);
});

test("a correction elsewhere is found though the caret stands still", (t) => {
  const { box, fire, entries } = start(t, "teh end");
  fire(box, "beforeinput", { inputType: "insertReplacementText" });
  box.value = "the end";
  fire(box, "input", { inputType: "insertReplacementText", data: "the" });
  assert.deepEqual(entries, [["e", 1, 2, "he", "insertReplacementText", 2 | 8]]);
});

test("Safari's corrections, insertText without data, are told as they are: of the marked word, and while typing", (t) => {
  const { box, fire, entries } = start(t, "teh tres");
  const correct = (/** @type {string} */ word, /** @type {number} */ from, /** @type {number} */ to) => {
    fire(box, "beforeinput", { inputType: "insertText", data: null });
    box.replace(word, from, to);
    fire(box, "input", { inputType: "insertText", data: null });
  };
  box.select(0, 3);
  correct("the", 0, 3);
  box.select(8);
  correct("trees", 4, 8);
  assert.deepEqual(entries, [
    ["e", 0, 3, "the", "insertText", 2, [0, 3]],
    ["e", 7, 1, "es", "insertText", 2] // up to the caret
  ]);
});

test("a drag that WebKit tells only when both halves are done is two edits", (t) => {
  const { box, fire, entries } = start(t, "Shade trees");
  box.select(0, 6);
  fire(box, "beforeinput", { inputType: "deleteByDrag" });
  box.replace("");
  fire(box, "beforeinput", { inputType: "insertFromDrop", data: "Shade " });
  box.select(5);
  box.replace("Shade ");
  fire(box, "input", { inputType: "deleteByDrag" });
  fire(box, "input", { inputType: "insertFromDrop", data: "Shade " });
  assert.deepEqual(entries, [
    ["e", 0, 6, "", "deleteByDrag", 2, [0, 6]],
    ["e", 5, 0, "Shade ", "insertFromDrop", 2]
  ]);
});

test("each flag of an edit means what the wire format says", (t) => {
  const { edit, box, fire, edits, entries } = start(t);
  const sum = () => /** @type {any} */ (entries.at(-1))[5];
  box.replace("a");
  fire(box, "input", { inputType: "insertText", data: "a" });
  assert.equal(sum(), 0, "execCommand: nothing announced it");
  edit("insertText", "b", { isTrusted: false });
  assert.equal(sum(), 1, "a script's announcement does not count");
  edit("insertCompositionText", "c", { isComposing: true });
  assert.equal(sum(), 2 | 4);
  edit("insertText", "d", { data: "something else" });
  assert.equal(sum(), 2 | 8);
  edit("insertText", "e", { data: null });
  assert.equal(sum(), 2, "no data is no claim");
  fire(box, "beforeinput", { inputType: "insertText", defaultPrevented: true });
  box.replace("f");
  fire(box, "input", { inputType: "insertText", data: "f" });
  assert.equal(sum(), 0, "the announced edit was prevented, this is another");
  fire(box, "beforeinput", { inputType: "deleteContentBackward" });
  box.replace("g");
  fire(box, "input", { inputType: "insertText", data: "g" });
  assert.equal(sum(), 0, "another kind was announced");
  for (const pass of [() => fire(box, "keyup"), () => fire(box, "keydown"), edits.look]) {
    fire(box, "beforeinput", { inputType: "insertText", data: "h" });
    pass();
    box.replace("h");
    fire(box, "input", { inputType: "insertText", data: "h" });
    assert.equal(sum(), 0, "announced in an earlier task");
  }
});

test("what no event told is silent, once", (t) => {
  const { box, edits, entries } = start(t, "mine");
  edits.compare();
  assert.deepEqual(entries, []);
  box.value = "mine, and theirs";
  edits.compare();
  edits.compare();
  assert.deepEqual(entries, [["e", 4, 0, ", and theirs", "silent", 0]]);
});

test("a silent change just before an edit stands before it", (t) => {
  const { box, edit, entries } = start(t, "mine");
  box.value = "theirs ";
  box.select(7);
  edit("insertText", "x");
  assert.deepEqual(
    entries.map(([, , , ins, cause]) => [ins, cause]),
    [
      ["theirs ", "silent"],
      ["x", "insertText"]
    ]
  );
});

test("a look between announcement and event finds nothing silent", (t) => {
  const { box, fire, edits, entries } = start(t);
  fire(box, "beforeinput", { inputType: "insertCompositionText" });
  box.replace("に");
  edits.compare(); // Firefox: compositionend comes here
  fire(box, "input", { inputType: "insertCompositionText", data: "に" });
  assert.deepEqual(entries, [["e", 0, 0, "に", "insertCompositionText", 2]]);
});

test("an event without kind or change tells nothing false", (t) => {
  const { box, fire, entries } = start(t);
  fire(box, "input", { isTrusted: false });
  assert.deepEqual(entries, []);
  box.replace("x");
  fire(box, "input", { isTrusted: false });
  assert.deepEqual(entries, [["e", 0, 0, "x", "", 1]]);
});

test("a long text comes in pieces that fit a batch and replay to the whole", (t) => {
  const { box, edit, entries } = start(t, "start end");
  const text = "😀漢".repeat(3000);
  box.select(6, 9);
  edit("insertFromPaste", text);
  assert.deepEqual(entries[0]?.slice(0, 3), ["e", 6, 3]);
  let value = "start end";
  for (const [, pos, del, ins, cause] of /** @type {any[]} */ (entries)) {
    assert.ok([...ins].length <= 4000);
    assert.ok(ins.isWellFormed?.() ?? true);
    assert.equal(cause, "insertFromPaste");
    value = value.slice(0, pos) + ins + value.slice(pos + del);
  }
  assert.equal(value, `start ${text}`);
});

test("a checkpoint comes after fifty edits, when asked for after edits, and always at the end", (t) => {
  const { box, edit, edits, entries } = start(t);
  edits.checkpoint();
  assert.deepEqual(entries, []);
  for (let i = 0; i < 50; i++) edit("insertText", "x");
  assert.deepEqual(entries.at(-1), ["n", ...hash(box.value)]);
  assert.equal(entries.length, 51);
  edits.checkpoint();
  assert.equal(entries.length, 51);
  edits.checkpoint(true);
  assert.equal(entries.length, 52);
});

test("the caret is logged when it moves by itself, at most ten times a second", async (t) => {
  const { box, edit, fire, document, edits, time, entries } = start(t, "some text");
  await time.pass(1000);
  edit("insertText", "!");
  fire(document, "selectionchange");
  assert.equal(entries.length, 1, "the edit moved it");
  box.select(2, 5);
  fire(document, "selectionchange");
  box.select(3);
  fire(document, "selectionchange");
  assert.deepEqual(entries.slice(1), [["s", 2, 5]]);
  await time.pass(100);
  edits.look(); // twice a second at least
  assert.deepEqual(entries.slice(2), [["s", 3, 3]]);
});

test("a script's change is told before the caret that it moved, and the caret's move not again", async (t) => {
  const { box, fire, document, time, entries } = start(t, "mine");
  await time.pass(1000);
  box.value = "theirs";
  box.select(6);
  fire(document, "selectionchange");
  assert.deepEqual(entries, [["e", 0, 4, "theirs", "silent", 0]]);
});

test("a caret that is where the edit left it costs no look at the text", (t) => {
  const { box, edit, fire, document } = start(t, "a text that may be long");
  edit("insertText", "!");
  const value = t.mock.fn(() => "");
  Object.defineProperty(box, "value", { get: value });
  fire(document, "selectionchange");
  assert.equal(value.mock.callCount(), 0);
});

test("a forged kind of any length does not cost the batch", (t) => {
  const { box, fire, entries } = start(t);
  box.replace("x");
  fire(box, "input", { inputType: "y".repeat(1e6), isTrusted: false });
  assert.deepEqual(entries, [["e", 0, 0, "x", "y".repeat(40), 1]]);
});
