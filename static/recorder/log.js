// @ts-check
/** @import { Log } from "./types.js" */

/**
 * The events of one page load, numbered from 0 and cut into batches. A batch holds at most 300 events and, unless
 * a single event is longer, 10,000 characters of JSON. A character has at most 3 bytes of UTF-8: none outgrows a beacon's 30 kB.
 * JSON is made when a batch is cut, which is far cheaper than at every key.
 *
 * @param {string | undefined} ticket  signed by the server; names the writing session and the page load. Until there is one, nothing is cut
 * @param {() => unknown} onFull  the events that wait should be cut
 * @returns {Log}
 */
export const createLog = (ticket, onFull) => {
  // Cached, because looking it up in the window at each event is slow (docs/performance.md).
  const clock = performance;
  const start = clock.now();
  let last = 0;
  let seq = 0;

  /** @type {Log} */
  const log = {
    count: 0,
    ticket,
    held: [],
    batches: [],
    add(entry, at = Infinity) {
      // An event's own time stays correct while the page is busy. It is never later than now, nor earlier than the last.
      const dt = Math.max(0, Math.round(Math.min(at, clock.now()) - start) - last);
      last += dt;
      log.count++;
      if (log.held.push([dt, ...entry]) > 299) onFull();
    },
    cut() {
      for (let most = 300; log.ticket && log.held[0]; ) {
        const events = log.held.slice(0, most);
        const body = JSON.stringify({ v: 1, ticket: log.ticket, seq, perf: clock.now(), wall: Date.now(), events });
        if (events[1] && body.length > 1e4) most = events.length >> 1;
        else {
          // Firefox may end a handler half-way when its page goes: until here, all these events are still waiting.
          log.batches.push({ end: (seq += events.length), body });
          log.held.splice(0, most);
          most *= 2;
        }
      }
    }
  };
  return log;
};
