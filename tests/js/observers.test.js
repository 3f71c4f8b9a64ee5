// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { watchAttention } from "../../static/recorder/attention.js";
import { watchClipboard } from "../../static/recorder/clipboard.js";
import { watchKeys } from "../../static/recorder/keys.js";
import { watchPresence } from "../../static/recorder/presence.js";
import { hash } from "../../static/recorder/text.js";
import { simulateTime } from "./clock.js";
import { makePage, makeRecorder } from "./page.js";

/** @param {import("node:test").TestContext} t */
const start = (t) => {
  const time = simulateTime(t);
  return { time, ...makePage(t), ...makeRecorder() };
};

/** @param {Record<string, unknown>} fields */
const key = (fields) => {
  const { locks = [], ...others } = fields;
  const held = /** @type {string[]} */ (locks);
  const none = { repeat: false, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, isComposing: false };
  return {
    code: "KeyA",
    key: "a",
    ...none,
    getModifierState: (/** @type {string} */ name) => held.includes(name),
    ...others
  };
};

test("keys carry the flags of the wire format", (t) => {
  const { box, fire, entries, on } = start(t);
  watchKeys(/** @type {any} */ (box), on);
  /** @type {[Record<string, unknown>, number][]} */
  const cases = [
    [{}, 0],
    [{ isTrusted: false }, 1],
    [{ repeat: true }, 2],
    [{ shiftKey: true }, 4],
    [{ ctrlKey: true }, 8],
    [{ altKey: true }, 16],
    [{ metaKey: true }, 32],
    [{ isComposing: true }, 64],
    [{ locks: ["CapsLock"] }, 128],
    [{ locks: ["AltGraph"] }, 256],
    [{ shiftKey: true, ctrlKey: true, locks: ["CapsLock", "AltGraph"] }, 396]
  ];
  for (const [fields, sum] of cases) {
    entries.length = 0;
    fire(box, "keydown", key(fields));
    fire(box, "keyup", key(fields));
    assert.deepEqual(entries, [
      ["k", "KeyA", "a", sum],
      ["u", "KeyA", sum]
    ]);
  }
});

test("keys outside the answer box are nobody's business", (t) => {
  const { window, document, box, fire, entries, on } = start(t);
  watchKeys(/** @type {any} */ (box), on);
  watchPresence(/** @type {any} */ (box), on);
  fire(document, "keydown", key({ key: "s" }));
  fire(document, "keydown", key({ key: "Tab" }));
  fire(window, "keyup", key({}));
  assert.deepEqual(entries, []);
});

test("compositions start and end", (t) => {
  const { box, fire, entries, on } = start(t);
  watchKeys(/** @type {any} */ (box), on);
  fire(box, "compositionstart");
  fire(box, "compositionend", { isTrusted: false });
  assert.deepEqual(entries, [
    ["m", 1],
    ["m", 0]
  ]);
});

/** @param {string} text @param {string[]} types */
const transfer = (text, types = ["text/plain"]) => ({ types, getData: () => text });

test("a paste is told with line ends as the box will have them, and a long one is shortened", (t) => {
  const { box, fire, entries, on } = start(t);
  watchClipboard(/** @type {any} */ (box), [], on);
  fire(box, "paste", { defaultPrevented: false, clipboardData: transfer("a\r\nb\rc", ["text/plain", "text/html"]) });
  fire(box, "paste", { defaultPrevented: true, isTrusted: false, clipboardData: null });
  const long = "x".repeat(10_000);
  fire(box, "paste", { defaultPrevented: true, clipboardData: transfer(long, Array(99).fill("t".repeat(999))) });
  assert.deepEqual(entries.slice(0, 2), [
    ["p", ...hash("a\nb\nc"), "a\nb\nc", ["text/plain", "text/html"], 0],
    ["p", ...hash(""), "", [], 3]
  ]);
  assert.deepEqual(entries[2], ["p", ...hash(long), "x".repeat(4000), Array(9).fill("t".repeat(99)), 2]);
});

test("a drop says whether the drag began in this page", (t) => {
  const { box, document, fire, entries, on } = start(t);
  watchClipboard(/** @type {any} */ (box), [], on);
  fire(box, "drop", { dataTransfer: transfer("far") });
  fire(document, "dragstart");
  fire(box, "drop", { dataTransfer: transfer("near") });
  fire(document, "dragend");
  fire(box, "drop", { dataTransfer: transfer("far") });
  assert.deepEqual(entries, [
    ["d", ...hash("far"), "far", 0],
    ["d", ...hash("near"), "near", 1],
    ["d", ...hash("far"), "far", 0]
  ]);
});

test("copies and cuts from the answer say which part", (t) => {
  const { box, fire, entries, on } = start(t);
  box.value = "my own words";
  watchClipboard(/** @type {any} */ (box), [], on);
  fire(box, "copy");
  assert.deepEqual(entries, [], "nothing was selected");
  box.select(3, 6);
  fire(box, "copy");
  fire(box, "cut");
  assert.deepEqual(entries, [
    ["c", "answer", 3, 6, ...hash("own")],
    ["x", "answer", 3, 6, ...hash("own")]
  ]);
});

test("a copy from another field of the page", (t) => {
  const { box, document, fire, entries, on } = start(t);
  watchClipboard(/** @type {any} */ (box), [], on);
  const target = { value: "my comment", selectionStart: 3, selectionEnd: 10 };
  fire(document, "copy", { target });
  fire(document, "cut", { target });
  assert.deepEqual(entries, [
    ["c", "other", -1, -1, ...hash("comment")],
    ["x", "other", -1, -1, ...hash("comment")]
  ]);
});

test("how the box got the focus", async (t) => {
  const { box, document, window, fire, time, entries, on } = start(t);
  watchPresence(/** @type {any} */ (box), on);
  await time.pass(5000);
  const arrivals = () => entries.filter(([type]) => type === "a").map(([, how]) => how);
  fire(box, "focus");
  fire(box, "blur");
  fire(document, "pointerdown", { pointerType: "mouse" });
  fire(box, "focus");
  fire(box, "blur");
  fire(document, "pointerup", { pointerType: "touch" });
  fire(box, "focus");
  fire(box, "blur");
  fire(document, "keydown", { key: "Tab" });
  fire(box, "focus");
  assert.deepEqual(arrivals(), ["script", "pointer", "touch", "tab"]);
  // The window goes away and comes back with the box still in focus: no arrival.
  document.activeElement = box;
  fire(box, "blur");
  fire(window, "blur");
  await time.pass(3000);
  fire(window, "focus");
  fire(box, "focus");
  assert.equal(arrivals().length, 4);
  document.activeElement = null;
  fire(box, "blur");
  await time.pass(1000);
  fire(box, "focus");
  assert.deepEqual(arrivals().slice(4), ["script"]);
});

test("focus and visibility are logged apart", (t) => {
  const { box, document, window, fire, entries, on } = start(t);
  watchPresence(/** @type {any} */ (box), on);
  fire(box, "blur");
  document.hasFocus = () => false;
  fire(window, "blur");
  document.visibilityState = "hidden";
  fire(document, "visibilitychange");
  fire(document, "freeze");
  fire(window, "pagehide");
  fire(window, "pageshow", { persisted: false });
  fire(window, "pageshow", { persisted: true });
  assert.deepEqual(entries, [
    ["f", 0, "answer", 1],
    ["f", 0, "window", 0],
    ["v", "hidden"],
    ["v", "freeze"],
    ["v", "pagehide"],
    ["v", "pageshow-persisted"]
  ]);
});

test("the pointer is summed up, and silent when it rests", (t) => {
  const { document, fire, entries, on, log } = start(t);
  const attend = watchAttention(null, on, log.add);
  fire(document, "pointermove", { clientX: 10, clientY: 10 });
  fire(document, "pointermove", { clientX: 13, clientY: 14 });
  fire(document, "pointermove", { clientX: 43, clientY: 54 });
  fire(document, "pointerdown", { pointerType: "mouse" });
  fire(document, "pointerdown", { pointerType: "touch" });
  fire(document, "wheel");
  fire(document, "wheel");
  attend();
  attend();
  fire(document, "pointermove", { clientX: 43, clientY: 55 });
  attend();
  assert.deepEqual(entries, [
    ["q", 3, 55, 1, 2, 1, 50],
    ["q", 1, 1, 0, 0, 0, 1]
  ]);
});

test("reading is told when the view changes, and every ten seconds", (t) => {
  const page = start(t);
  const source = /** @type {any} */ ({ scrollTop: 0 });
  let shown = { top: 100, height: 300 };
  globalThis.IntersectionObserver = /** @type {any} */ (
    class {
      /** @param {(entries: unknown[]) => void} callback */
      constructor(callback) {
        this.callback = callback;
      }
      disconnect() {}
      /** @param {unknown} target */
      observe(target) {
        this.callback([{ target, boundingClientRect: { top: 100 }, intersectionRect: shown }]);
      }
    }
  );
  const attend = watchAttention(source, page.on, page.log.add);
  for (let second = 0; second < 11; second++) attend();
  assert.deepEqual(page.entries, [["g", 0, 300, 10_000]]);
  source.scrollTop = 40;
  attend();
  shown = { top: 0, height: 0 };
  attend();
  attend();
  assert.deepEqual(page.entries.slice(1), [
    ["g", 0, 300, 1000],
    ["g", 40, 300, 1000]
  ]);
});
