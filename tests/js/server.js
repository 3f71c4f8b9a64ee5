// @ts-check
import assert from "node:assert/strict";
import { createLog } from "../../static/recorder/log.js";
import { createTransport } from "../../static/recorder/transport.js";
import { settle } from "./clock.js";

/** @typedef {{ seq: number, count: number, body: string, answer: (status: number, body: string) => void, fail: () => void, breakOff: () => void }} Request */

/** A log, a transport that sends it, and a server that answers when the test says so. `told` is what the page heard of it. */
export const start = () => {
  /** @type {Request[]} */
  const requests = [];
  /** @type {string[]} */
  const told = [];
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
          breakOff: () => resolve({ ok: true, status: 200, text: () => Promise.reject(new TypeError("terminated")) })
        });
      })
  );
  const log = createLog("ticket", () => transport.flush());
  const transport = createTransport("/events", log, (status) => told.push(status));
  const last = () => /** @type {Request} */ (requests.at(-1));
  return {
    log,
    transport,
    requests,
    told,
    last,
    /** @param {number} committed */
    async acknowledge(committed) {
      last().answer(200, JSON.stringify({ committed }));
      await settle();
    },
    /** @param {number} status */
    async refuse(status) {
      last().answer(status, '{"error":{"code":"x","message":"y","detail":null}}');
      await settle();
    }
  };
};

/** @param {import("../../static/recorder/types.js").Log} log @param {number} [count] */
export const record = (log, count = 1) => {
  for (let i = 0; i < count; i++) log.add(["m", 1]);
};
