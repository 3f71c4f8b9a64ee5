// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { record } from "../../static/recorder/recorder.js";
import { hash } from "../../static/recorder/text.js";
import { settle, simulateTime } from "./clock.js";
import { makePage } from "./page.js";

/** @param {import("node:test").TestContext} t @param {{ value?: string, draft?: boolean, status?: number, ticket?: string }} [given] */
const start = async (t, { value = "", draft = false, status = 200, ticket = "t" } = {}) => {
  const time = simulateTime(t);
  const page = makePage(t);
  page.box.value = page.box.defaultValue = value;
  /** @type {any[]} */
  const events = [];
  /** @type {number[]} */
  const requests = [];
  globalThis.fetch = /** @type {any} */ (
    async (/** @type {string} */ _url, /** @type {{ body: string }} */ { body }) => {
      const batch = JSON.parse(body);
      requests.push(batch.seq);
      if (status !== 200) return new Response("{}", { status });
      assert.equal(batch.seq, events.length);
      events.push(...batch.events);
      return new Response(JSON.stringify({ committed: events.length - 1 }));
    }
  );
  /** @type {string[]} */
  const told = [];
  const recorder = record({
    box: /** @type {any} */ (page.box),
    ticket,
    url: "/events",
    draft: draft ? value : "",
    onStatus: (now) => told.push(now)
  });
  await settle();
  return { ...page, time, events, requests, told, recorder };
};

test("environment and first value go out at once", async (t) => {
  const { events } = await start(t, { value: "a draft", draft: true });
  assert.deepEqual(
    events.map(([, type]) => type),
    ["E", "i"]
  );
  assert.deepEqual(events[1]?.slice(1), ["i", "server", ...hash("a draft")]);
  assert.equal(events[0]?.[2].tick, 100, "a timer that stands still is called coarse, and does not hang the page");
});

test("a first value that is not our draft is the browser's", async (t) => {
  const { events } = await start(t, { value: "restored", draft: false });
  assert.deepEqual(events[1]?.slice(1), ["i", "browser", ...hash("restored")]);
});

test("typing reaches the server within three seconds, a script's change within half a second more", async (t) => {
  const { edit, box, time, events } = await start(t);
  edit("insertText", "x");
  await time.pass(3000, 500);
  assert.equal(events.at(-1)?.[1], "e");
  box.value = "x, written by a script";
  await time.pass(3500, 500);
  assert.deepEqual(events.at(-1)?.slice(1), ["e", 1, 0, ", written by a script", "silent", 0]);
});

test("an event of the page finds the silent change before it", async (t) => {
  const { box, window, fire, time, events } = await start(t);
  box.value = "silent";
  fire(window, "focus");
  await time.pass(3000, 500);
  assert.deepEqual(
    events.slice(2).map(([, type]) => type),
    ["e", "f"]
  );
});

test("a checkpoint comes with the blur, and the batch leaves", async (t) => {
  const { edit, box, fire, window, events } = await start(t);
  edit("insertText", "x");
  fire(box, "blur");
  fire(window, "blur");
  await settle();
  assert.deepEqual(
    events.slice(2).map(([, type]) => type),
    ["e", "f", "n", "f"]
  );
});

test("a checkpoint comes every ten seconds while there are edits", async (t) => {
  const { edit, time, events } = await start(t);
  edit("insertText", "x");
  await time.pass(30_000, 500);
  assert.deepEqual(events.filter(([, type]) => type === "n").length, 1);
});

test("the submission ends the log with the value as it is", async (t) => {
  const { box, time, events, recorder } = await start(t);
  await time.pass(700);
  box.value = "by stealth";
  const { events: count, sent } = recorder.submit();
  await sent;
  assert.deepEqual(events.map(([, type]) => type).slice(2), ["e", "n", "z"]);
  assert.deepEqual(events.at(-1)?.slice(1), ["z", count - 1, ...hash("by stealth"), 700, 700]);
  assert.equal(events.length, count);
});

test("nothing that goes wrong inside reaches the page", async (t) => {
  const { box, document, window, fire, time } = await start(t);
  Object.defineProperty(box, "value", {
    get: () => {
      throw new Error("another script broke the box");
    }
  });
  for (const type of ["keydown", "beforeinput", "input", "paste", "drop", "focus"]) fire(box, type);
  for (const type of ["copy", "selectionchange", "visibilitychange"]) fire(document, type);
  for (const type of ["pagehide", "blur", "wheel"]) fire(window, type);
  await time.pass(5000, 500);
});

test("when the server refuses this page load, nothing is observed any more and submitting does not wait", async (t) => {
  const { edit, box, document, time, told, requests, recorder } = await start(t, { status: 409 });
  assert.deepEqual(told, ["saving", "stopped"]);
  edit("insertText", "x");
  await time.pass(60_000, 500);
  assert.equal(requests.length, 1);
  assert.equal([...box.listeners.values(), ...document.listeners.values()].flat().length, 0);
  await recorder.submit().sent;
});

test("without a ticket the log is kept in memory, and goes out whole once there is one", async (t) => {
  const { edit, document, fire, time, events, requests, recorder } = await start(t, { ticket: "" });
  /** @type {string[]} */
  const beacons = [];
  Object.assign(navigator, {
    sendBeacon: (/** @type {string} */ _url, /** @type {string} */ body) => !!beacons.push(body)
  });
  for (let i = 0; i < 400; i++) edit("insertText", "x");
  document.hidden = true;
  fire(document, "visibilitychange");
  document.hidden = false;
  fire(document, "visibilitychange");
  await time.pass(30_000, 500);
  assert.deepEqual([requests, beacons], [[], []]);
  recorder.start("t");
  await settle();
  assert.deepEqual(requests, [0, 300]);
  assert.equal(events.filter(([, type]) => type === "e").length, 400);
});

test("stopped means stopped", async (t) => {
  const { edit, time, events, recorder } = await start(t);
  recorder.stop();
  edit("insertText", "x");
  await time.pass(60_000, 500);
  assert.equal(events.length, 2);
});

test("a hidden page sends its tail by beacon, is not polled, and goes on when it is back", async (t) => {
  const { box, edit, document, fire, time, events } = await start(t);
  /** @type {any[]} */
  const beacons = [];
  Object.assign(navigator, {
    sendBeacon: (/** @type {string} */ _url, /** @type {string} */ body) => !!beacons.push(JSON.parse(body))
  });
  edit("insertText", "x");
  document.hidden = true;
  document.visibilityState = "hidden";
  fire(document, "visibilitychange");
  assert.deepEqual(
    beacons.flatMap(({ events: sent }) => sent.map((/** @type {any[]} */ [, type]) => type)),
    ["e", "v"]
  );
  box.value = "x, changed meanwhile";
  await time.pass(3000, 500);
  assert.deepEqual(
    events.slice(2).map(([, type]) => type),
    ["e", "v"],
    "unacknowledged, so sent again"
  );
  document.hidden = false;
  document.visibilityState = "visible";
  fire(document, "visibilitychange");
  await settle();
  assert.deepEqual(
    events.slice(4).map((event) => event.slice(1)),
    [
      ["e", 1, 0, ", changed meanwhile", "silent", 0],
      ["v", "visible"]
    ]
  );
});
