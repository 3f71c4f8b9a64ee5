// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { applyStep, Script } from "../../static/dashboard/replay/script.js";
import { clock, timescale } from "../../static/dashboard/replay/timescale.js";
import { makeTransport } from "../../static/dashboard/replay/transport.js";

/** @typedef {import("../../static/dashboard/replay/types.js").Step} Step */

/**
 * @param {number} at
 * @param {number} pos
 * @param {number} deleted
 * @param {string} text
 * @param {string} [look]
 * @returns {Step}
 */
const step = (at, pos, deleted, text, look = "typed") => [
  at,
  "type",
  pos,
  deleted,
  text,
  text ? [[text.length, look]] : [],
  ""
];

/** @param {import("../../static/dashboard/replay/types.js").State} state */
const text = (state) => state.runs.map((run) => run.text).join("");

test("an edit replaces what it says and keeps the looks of the rest", () => {
  let state = { runs: [{ text: "one three", look: "typed" }], caret: 9 };
  state = /** @type {typeof state} */ (applyStep(state, step(0, 4, 0, "two ", "external")));
  assert.deepEqual(state.runs, [
    { text: "one ", look: "typed" },
    { text: "two ", look: "external" },
    { text: "three", look: "typed" }
  ]);
  assert.equal(state.caret, 8);
  state = /** @type {typeof state} */ (applyStep(state, step(1, 2, 8, "")));
  assert.deepEqual(state.runs, [{ text: "onree", look: "typed" }]);
});

test("halves of an astral character come and go one by one", () => {
  const grin = "\u{1f600}";
  const one = applyStep({ runs: [], caret: 0 }, step(0, 0, 0, grin.slice(0, 1)));
  assert.equal(text(applyStep(one, step(0, 1, 0, grin.slice(1)))), grin);
});

test("any place of a long session is the same from any direction", () => {
  /** @type {Step[]} */
  const steps = [];
  for (let n = 0; n < 730; n += 1) {
    steps.push(
      n % 7 === 6
        ? step(n * 10, 0, 3, "")
        : step(n * 10, n % 3 ? 0 : steps.length % 5, 0, `${n},`, n % 2 ? "typed" : "external")
    );
  }
  const forward = new Script(steps);
  const seen = Array.from({ length: steps.length + 1 }, (_, done) => text(forward.after(done)));
  const jumping = new Script(steps);
  for (const done of [730, 0, 399, 400, 401, 12, 729, 99, 100, 101, 730]) {
    assert.equal(text(jumping.after(done)), seen[done], `after ${done} steps`);
  }
});

test("a moment has done all steps up to it", () => {
  const script = new Script([step(10, 0, 0, "a"), step(10, 1, 0, "b"), step(30, 2, 0, "c")]);
  assert.deepEqual(
    [0, 9, 10, 29, 30, 99].map((ms) => script.doneBy(ms)),
    [0, 0, 2, 2, 3, 3]
  );
});

test("pauses are shortened there and back", () => {
  const scale = timescale([
    [0, 0],
    [1000, 1000],
    [61_000, 3000],
    [62_000, 4000]
  ]);
  assert.equal(scale.length, 4000);
  assert.deepEqual([500, 1000, 31_000, 61_500, 99_000].map(scale.shown), [500, 1000, 2000, 3500, 4000]);
  assert.deepEqual([500, 1000, 2000, 3500, 9000].map(scale.real), [500, 1000, 31_000, 61_500, 62_000]);
});

test("a clock shows hours only where there are any", () => {
  assert.deepEqual([0, 59_999, 134_000, 3_734_000].map(clock), ["00:00", "00:59", "02:14", "1:02:14"]);
});

test("playing moves with the speed, stops at the end and starts again from the front", () => {
  /** @type {((now: number) => void)[]} */
  const frames = [];
  /** @type {[number, boolean][]} */
  const moves = [];
  const transport = makeTransport({
    length: 1000,
    onMove: (at, playing) => moves.push([at, playing]),
    frame: (callback) => frames.push(callback)
  });
  /** @param {number} now */
  const run = (now) => frames.shift()?.(now);
  transport.setSpeed(4);
  transport.play();
  run(0);
  run(100);
  assert.equal(transport.at, 400);
  run(250);
  assert.deepEqual(moves.at(-1), [1000, false]);
  assert.equal(frames.length, 0);
  transport.play();
  assert.equal(transport.at, 0);
  transport.pause();
  run(300);
  run(400);
  assert.equal(transport.at, 0);
});

test("a hidden tab does not make the playback jump", () => {
  /** @type {((now: number) => void)[]} */
  const frames = [];
  const transport = makeTransport({
    length: 60_000,
    onMove: () => undefined,
    frame: (callback) => frames.push(callback)
  });
  transport.play();
  frames.shift()?.(0);
  frames.shift()?.(30_000);
  assert.equal(transport.at, 250);
});
