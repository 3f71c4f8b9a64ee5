// @ts-check
/** @import { Log } from "./types.js" */

/**
 * The events of one page load, numbered from 0, cut into batches once and for all. A batch holds at most 300 events and, unless
 * a single event is longer, 10,000 characters of JSON. A character has at most 3 bytes of UTF-8: none outgrows a beacon's 30 kB.
 *
 * @param {string} ticket  signed by the server; names the writing session and the page load
 * @param {() => unknown} onFull  the events that wait should be cut before more come
 * @returns {Log}
 */
export const createLog = (ticket, onFull) => {
  const start = performance.now();
  let last = 0;
  let events = "";

  /** @type {Log} */
  const log = {
    count: 0,
    held: 0,
    batches: [],
    add(entry, at = Infinity) {
      // An event's own time stays true while the page is busy. It is never later than now, nor earlier than the last.
      const time = Math.max(last, Math.round(Math.min(at, performance.now()) - start));
      const event = "," + JSON.stringify([time - last, ...entry]);
      if (log.held > 299 || events.length + event.length > 1e4) onFull();
      events += event;
      last = time;
      log.held++;
      log.count++;
    },
    cut() {
      if (!log.held) return;
      const head = `"v":1,"ticket":${JSON.stringify(ticket)},"seq":${log.count - log.held},"perf":${performance.now()},"wall":${Date.now()}`;
      log.batches.push({ end: log.count, body: `{${head},"events":[${events.slice(1)}]}` });
      events = "";
      log.held = 0;
    },
  };
  return log;
};
