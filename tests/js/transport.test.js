// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { settle, simulateTime } from "./clock.js";
import { record, start } from "./server.js";

test("one request at a time, oldest first, and what is acknowledged is dropped", async (t) => {
  simulateTime(t);
  const { log, transport, requests, told, acknowledge } = start();
  record(log, 3);
  transport.flush();
  await settle();
  record(log, 2);
  transport.flush();
  record(log, 1);
  transport.flush();
  await settle();
  assert.deepEqual(
    requests.map(({ seq, count }) => [seq, count]),
    [[0, 3]]
  );
  await acknowledge(2);
  assert.deepEqual(
    requests.map(({ seq }) => seq),
    [0, 3]
  );
  await acknowledge(5); // the server has the third already, from a beacon
  assert.deepEqual(
    requests.map(({ seq }) => seq),
    [0, 3]
  );
  assert.deepEqual(log.batches, []);
  assert.deepEqual(told, ["saving", "saved"]);
});

test("a flush with nothing to send does not block the next", async (t) => {
  simulateTime(t);
  const { log, transport, requests, told } = start();
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
  const { log, transport, told, acknowledge } = start();
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
  const { log, transport, requests, told, last, acknowledge } = start();
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
    ...Array.from({ length: 20 }, () => () => last().answer(502, ""))
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
  for (const [chance, wait] of [
    [0, 750],
    [1, 1250]
  ]) {
    t.mock.method(Math, "random", () => chance);
    const { log, transport, requests, last, acknowledge } = start();
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
  const { log, transport, requests, last, acknowledge } = start();
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
    const { log, transport, requests, told, refuse } = start();
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
    const { log, transport, told, last, acknowledge, refuse } = start();
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
