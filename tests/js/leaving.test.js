// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { settle, simulateTime } from "./clock.js";
import { record, start } from "./server.js";

/** @param {import("node:test").TestContext} t @param {(body: string) => boolean} takes */
const beacons = (t, takes) => {
  /** @type {string[]} */
  const sent = [];
  const sendBeacon = (/** @type {string} */ _url, /** @type {string} */ body) => takes(body) && !!sent.push(body);
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { sendBeacon } });
  t.after(() => delete (/** @type {any} */ (globalThis).navigator));
  return sent;
};

/** @param {import("../../static/recorder/types.js").Log} log @param {number} count */
const recordLong = (log, count) => {
  for (let i = 0; i < count; i++) log.add(["e", 0, 0, "漢".repeat(3000), "insertFromPaste", 2]);
};

test("the tail goes by beacons of at most 30 kB, 60 kB in all, oldest first, and stays until it is acknowledged", async (t) => {
  simulateTime(t);
  const sent = beacons(t, () => true);
  const { log, transport } = start();
  transport.resume();
  await settle();
  recordLong(log, 40); // 9 kB each
  await settle();
  transport.beacon();
  const sizes = sent.map((body) => Buffer.byteLength(body));
  assert.ok(sizes.every((size) => size <= 30_000));
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) <= 60_000);
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) > 60_000 - 30_000);
  let next = 0;
  for (const body of sent) {
    const { seq, events } = JSON.parse(body);
    assert.equal(seq, next);
    next += events.length;
  }
  assert.equal(log.batches.at(-1)?.end, 40, "nothing was dropped");
  assert.equal(log.batches[0]?.end, JSON.parse(String(sent[0])).events.length);
});

test("a page that hides and then ends sends its tail once; one that came back sends it again", async (t) => {
  simulateTime(t);
  const sent = beacons(t, () => true);
  const { log, transport } = start();
  transport.resume();
  record(log);
  transport.beacon();
  record(log);
  transport.beacon();
  assert.deepEqual(
    sent.map((body) => JSON.parse(body).seq),
    [0, 1]
  );
  transport.resume();
  await settle();
  transport.beacon();
  assert.deepEqual(
    sent.map((body) => JSON.parse(body).seq),
    [0, 1, 0, 1]
  );
});

test("a beacon that the browser refuses ends the attempt, and the rest is kept", async (t) => {
  simulateTime(t);
  let left = 1;
  const sent = beacons(t, () => left-- > 0);
  const { log, transport } = start();
  transport.resume();
  record(log);
  log.cut();
  record(log);
  log.cut();
  record(log);
  transport.beacon();
  assert.equal(sent.length, 1);
  assert.deepEqual(
    log.batches.map(({ end }) => end),
    [1, 2, 3]
  );
  left = 9;
  transport.beacon();
  assert.deepEqual(
    sent.map((body) => JSON.parse(body).seq),
    [0, 1, 2]
  );
});

test("what is waited for is given up and asked for once, by whatever signs a page that comes back", async (t) => {
  simulateTime(t);
  const { log, transport, requests, told, last, acknowledge } = start();
  beacons(t, () => true);
  transport.resume(); // a page may go and come back within its first second
  await settle();
  /** @type {import("./server.js").Request[]} */
  const lost = [];
  for (const count of [1, 2]) {
    requests.length = 0;
    record(log);
    if (count === 2) {
      // A request that never ends, as Firefox has them after its page cache.
      transport.flush();
      await settle();
      lost.push(last());
    }
    transport.beacon();
    for (const sign of ["visibilitychange", "pageshow", "online"]) {
      transport.resume();
      await settle();
      assert.equal(requests.length, count, sign);
    }
    await acknowledge(log.count - 1);
    assert.deepEqual(log.batches, []);
  }
  for (const request of lost) request.answer(200, JSON.stringify({ committed: 1 })); // should it come after all, it changes nothing
  await settle();
  assert.deepEqual(told, ["saving", "saved", "saving", "saved"]);
});
