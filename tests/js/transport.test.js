// @ts-check
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { createLog } from "../../static/recorder/log.js";
import { createTransport } from "../../static/recorder/transport.js";
import { settle, simulateTime } from "./clock.js";

/** @typedef {{ seq: number, count: number, body: string, answer: (status: number, body: string) => void, fail: () => void, breakOff: () => void }} Request */

/** @type {Request[]} */
let requests = [];
/** @type {string[]} */
let told = [];

beforeEach(() => {
  requests = [];
  told = [];
});

/** A server that answers when the test says so. */
const start = () => {
  globalThis.fetch = /** @type {any} */ (
    (/** @type {string} */ url, /** @type {{ body: string, method: string }} */ { body, method }) =>
      new Promise((resolve, reject) => {
        assert.deepEqual([url, method], ["/events", "POST"]);
        const { seq, events } = JSON.parse(body);
        requests.push({
          seq,
          count: events.length,
          body,
          answer: (status, text) => resolve(new Response(text, { status })),
          fail: () => reject(new TypeError("Failed to fetch")),
          breakOff: () => resolve({ ok: true, status: 200, text: () => Promise.reject(new TypeError("terminated")) }),
        });
      })
  );
  const log = createLog("ticket", () => transport.flush());
  const transport = createTransport("/events", log, (status) => told.push(status));
  return { log, transport };
};

/** @param {import("../../static/recorder/types.js").Log} log @param {number} [count] */
const record = (log, count = 1) => {
  for (let i = 0; i < count; i++) log.add(["m", 1]);
};

const last = () => /** @type {Request} */ (requests.at(-1));

/** @param {number} committed */
const acknowledge = async (committed) => {
  last().answer(200, JSON.stringify({ committed }));
  await settle();
};

/** @param {number} status */
const refuse = async (status) => {
  last().answer(status, '{"error":{"code":"x","message":"y","detail":null}}');
  await settle();
};

test("one request at a time, oldest first, and what is acknowledged is dropped", async (t) => {
  simulateTime(t);
  const { log, transport } = start();
  record(log, 3);
  transport.flush();
  await settle();
  record(log, 2);
  transport.flush();
  record(log, 1);
  transport.flush();
  await settle();
  assert.deepEqual(requests.map(({ seq, count }) => [seq, count]), [[0, 3]]);
  await acknowledge(2);
  assert.deepEqual(requests.map(({ seq }) => seq), [0, 3]);
  await acknowledge(5); // the server has the third already, from a beacon
  assert.deepEqual(requests.map(({ seq }) => seq), [0, 3]);
  assert.deepEqual(log.batches, []);
  assert.deepEqual(told, ["saving", "saved"]);
});

test("a flush with nothing to send does not block the next", async (t) => {
  simulateTime(t);
  const { log, transport } = start();
  await transport.flush();
  await transport.flush();
  assert.deepEqual(told, []);
  record(log);
  transport.flush();
  await settle();
  assert.equal(requests.length, 1);
});

test("what waits to be cut is not called saved", async (t) => {
  simulateTime(t);
  const { log, transport } = start();
  record(log);
  transport.flush();
  await settle();
  record(log);
  await acknowledge(0);
  assert.deepEqual(told, ["saving"]);
  transport.flush();
  await settle();
  await acknowledge(1);
  assert.deepEqual(told, ["saving", "saved"]);
});

test("failures of all kinds are tried again, the same batch, ever more slowly, without end", async (t) => {
  const time = simulateTime(t);
  t.mock.method(Math, "random", () => 0.5); // the middle of the jitter
  const { log, transport } = start();
  record(log, 4);
  transport.flush();
  await settle();
  const first = last().body;
  const failures = [
    () => last().fail(),
    () => last().answer(500, "oops"),
    () => last().answer(503, '{"error":{"code":"busy","message":"","detail":null}}'),
    () => last().answer(200, "<html>a portal that answers everything</html>"),
    () => last().answer(200, "{}"),
    () => last().breakOff(),
    () => last().answer(404, ""),
    ...Array.from({ length: 20 }, () => () => last().answer(502, "")),
  ];
  for (const [i, fail] of failures.entries()) {
    fail();
    await settle();
    record(log); // work goes on meanwhile, and asks for no earlier try
    transport.flush();
    const wait = Math.min(30, 2 ** i) * 1000;
    await time.pass(wait - 1);
    assert.equal(requests.length, i + 1, `not before ${wait} ms`);
    await time.pass(1);
    assert.equal(requests.length, i + 2);
    assert.equal(last().body, first);
  }
  assert.deepEqual(told, ["saving", "offline"]);
  await acknowledge(3);
  assert.equal(last().seq, 4);
  assert.equal(told.at(-1), "saving");
});

test("the jitter spreads tries by a quarter to both sides", async (t) => {
  const time = simulateTime(t);
  for (const [chance, wait] of [[0, 750], [1, 1250]]) {
    t.mock.method(Math, "random", () => chance);
    const { log, transport } = start();
    requests.length = 0;
    record(log);
    transport.flush();
    await settle();
    last().fail();
    await settle();
    await time.pass(Number(wait) - 1);
    assert.equal(requests.length, 1);
    await time.pass(1);
    assert.equal(requests.length, 2);
    await acknowledge(0);
  }
});

test("coming back does not wait for the next try", async (t) => {
  const time = simulateTime(t);
  const { log, transport } = start();
  record(log);
  transport.flush();
  await settle();
  last().fail();
  await settle();
  const all = transport.resume();
  await settle();
  assert.equal(requests.length, 2);
  await acknowledge(0);
  await all;
  await time.pass(60_000);
  assert.equal(requests.length, 2);
});

for (const status of [401, 403, 409]) {
  test(`after ${status} nothing more is sent, and nobody waits`, async (t) => {
    const time = simulateTime(t);
    const { log, transport } = start();
    record(log);
    const all = transport.flush();
    await settle();
    await refuse(status);
    await all;
    record(log);
    await transport.resume();
    await time.pass(60_000);
    assert.equal(requests.length, 1);
    assert.deepEqual(told, ["saving", "stopped"]);
  });
}

for (const status of [400, 413, 422]) {
  test(`after ${status} only that batch is given up`, async (t) => {
    simulateTime(t);
    const { log, transport } = start();
    record(log, 2);
    transport.flush();
    await settle();
    record(log);
    const all = transport.flush();
    await refuse(status);
    assert.equal(last().seq, 2);
    await acknowledge(-1); // the server cannot count over the gap; this batch is stored all the same
    await all;
    assert.deepEqual(log.batches, []);
    assert.equal(told.at(-1), "saved");
  });
}

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
  assert.deepEqual(sent.map((body) => JSON.parse(body).seq), [0, 1]);
  transport.resume();
  await settle();
  transport.beacon();
  assert.deepEqual(sent.map((body) => JSON.parse(body).seq), [0, 1, 0, 1]);
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
  assert.deepEqual(log.batches.map(({ end }) => end), [1, 2, 3]);
  left = 9;
  transport.beacon();
  assert.deepEqual(sent.map((body) => JSON.parse(body).seq), [0, 1, 2]);
});

test("what is waited for is given up and asked for once, by whatever signs a page that comes back", async (t) => {
  simulateTime(t);
  const { log, transport } = start();
  beacons(t, () => true);
  transport.resume(); // a page may go and come back within its first second
  await settle();
  /** @type {Request[]} */
  const lost = [];
  for (const count of [1, 2]) {
    requests = [];
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
