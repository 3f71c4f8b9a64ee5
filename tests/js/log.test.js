// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { createLog } from "../../static/recorder/log.js";
import { simulateTime } from "./clock.js";
import { random } from "./random.js";

/** @typedef {import("../../static/recorder/types.js").WireBatch} WireBatch */

/** @param {import("../../static/recorder/types.js").Log} log @returns {WireBatch[]} */
const bodies = (log) => log.batches.map(({ body }) => JSON.parse(body));

const newLog = () => {
  const log = createLog("t.o-k_en", () => log.cut());
  return log;
};

test("times are differences in whole milliseconds that add up to the true time", async (t) => {
  const time = simulateTime(t);
  const log = newLog();
  log.add(["m", 1]);
  await time.pass(7);
  log.add(["m", 0]);
  await time.pass(30);
  log.add(["m", 1], 20.4); // happened earlier than it is handled
  log.add(["m", 0], 20.6);
  log.add(["m", 1], 5); // before the last event: never back
  log.add(["m", 0], 1e9); // a clock from elsewhere: never ahead
  log.cut();
  const dts = bodies(log)[0]?.events.map(([dt]) => dt);
  assert.deepEqual(dts, [0, 7, 13, 1, 0, 16]);
  assert.equal(
    dts?.reduce((sum, dt) => sum + dt, 0),
    37
  );
});

test("a batch says who sends it, where it begins and what the clocks say", async (t) => {
  const time = simulateTime(t);
  const log = newLog();
  log.add(["m", 1]);
  log.cut();
  await time.pass(1500);
  log.add(["s", 2, 3]);
  log.cut();
  log.cut();
  assert.equal(log.batches.length, 2, "nothing to cut makes no batch");
  assert.deepEqual(bodies(log)[1], {
    v: 1,
    ticket: "t.o-k_en",
    seq: 1,
    perf: 1500,
    wall: 1_767_225_601_500,
    events: [[1500, "s", 2, 3]]
  });
  assert.deepEqual([log.count, log.held.length, log.batches.map(({ end }) => end)], [2, 0, [1, 2]]);
});

test("whatever is recorded, numbers are contiguous and no batch outgrows a beacon", () => {
  const { below, pick, text } = random(7);
  const log = newLog();
  const worst = ["\ud83d".repeat(4000), "\u0001".repeat(4000), "漢".repeat(4000), "😀".repeat(4000), '"'.repeat(4000)];
  for (let i = 0; i < 4000; i++) {
    const ins = below(50) ? text(8) : pick(worst);
    log.add(below(3) ? ["e", below(1000), 0, ins, "insertText", 2] : ["k", "KeyA", "a", 0]);
  }
  log.cut();
  let next = 0;
  for (const [i, batch] of bodies(log).entries()) {
    assert.equal(batch.seq, next);
    next += batch.events.length;
    assert.equal(log.batches[i]?.end, next);
    assert.ok(batch.events.length <= 300);
    assert.ok(Buffer.byteLength(log.batches[i]?.body ?? "") <= 30_000);
  }
  assert.equal(next, 4000);
  assert.equal(log.count, 4000);
});

test("a cut that is broken off while it makes a batch loses nothing and counts nothing twice", (t) => {
  const log = newLog();
  for (let i = 0; i < 200; i++) log.add(["e", i, 0, "a".repeat(200), "insertText", 2]);
  // Firefox ends a handler of a page that goes wherever it is: here in the fifth try, when a first batch is made of 25 events.
  t.mock.method(Date, "now").mock.mockImplementationOnce(() => assert.fail("the page goes"), 4);
  assert.throws(() => log.cut());
  assert.deepEqual([log.batches.length, log.held.length], [1, 175]);
  log.cut();
  const sent = bodies(log).flatMap(({ seq, events }) => events.map(([, , pos], i) => [seq + i, pos]));
  assert.deepEqual(
    sent,
    Array.from({ length: 200 }, (_, i) => [i, i])
  );
});

test("an event that is too long for any batch is made into JSON once", (t) => {
  const log = newLog();
  log.add(["e", 0, 0, "a".repeat(200_000), "silent", 0]);
  const made = t.mock.method(JSON, "stringify");
  log.cut();
  assert.equal(made.mock.callCount(), 1);
  assert.equal(log.batches.length, 1);
});

test("300 events make a batch", () => {
  const log = newLog();
  for (let i = 0; i < 601; i++) log.add(["m", 1]);
  assert.deepEqual(
    log.batches.map(({ end }) => end),
    [300, 600]
  );
  assert.equal(log.held.length, 1);
});

test("a lone surrogate survives as an escape", () => {
  const log = newLog();
  log.add(["e", 0, 0, "\ud83d", "insertText", 2]);
  log.cut();
  assert.match(log.batches[0]?.body ?? "", /"\\ud83d"/);
  assert.equal(bodies(log)[0]?.events[0]?.[4], "\ud83d");
});
