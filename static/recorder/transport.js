// @ts-check
/** @import { Log, Status, Transport } from "./types.js" */

/**
 * Delivers the log's batches to the server, oldest first, one request at a time, until each is acknowledged.
 *
 * @param {string} url
 * @param {Log} log
 * @param {(status: Status) => void} tell  called at each change
 * @returns {Transport}
 */
export const createTransport = (url, log, tell) => {
  let status = "saved";
  let tries = 0;
  let beaconed = 0;
  let room = 0;
  // Cancels what delivery waits for: an answer, or the time of the next attempt.
  /** @type {(value?: unknown) => void} */
  let quit = () => {};
  let since = -1e3;
  /** @type {Promise<void> | undefined} */
  let delivery;

  /** @param {Status} now */
  const turn = (now) => {
    if (status !== now) tell((status = now));
  };

  const deliver = async () => {
    await null; // with nothing to send, the end below would come before flush has kept the promise, and block it for good
    for (let batch; status !== "stopped" && (batch = log.batches[0]); ) {
      if (!tries) turn("saving");
      let code, text, stored;
      try {
        // Every body is read: one left unread keeps its share of the browser's quota for keepalive. And a request that is under
        // way when Firefox puts the page into its back/forward cache never ends: resume gives it up.
        [code, text] = await Promise.race([
          fetch(url, { method: "POST", body: batch.body, signal: AbortSignal.timeout?.(2e4) }).then(async (r) => [
            r.status,
            await r.text()
          ]),
          /** @type {Promise<any>} */ (new Promise((_, reject) => (quit = reject)))
        ]);
        stored = JSON.parse(text).committed + 1;
      } catch (error) {
        if (!error) continue;
      }
      if (stored >= 0) {
        tries = 0;
        do log.batches.shift();
        while (log.batches[0]?.end <= stored);
        // Permanent refusals: this page load may not write, or this batch is invalid.
      } else if ([401, 403, 409].includes(code)) turn("stopped");
      else if ([400, 413, 422].includes(code)) log.batches.shift();
      else {
        turn("offline");
        await new Promise((resolve) =>
          setTimeout((quit = resolve), Math.min(30, 2 ** tries++) * (750 + 500 * Math.random()))
        );
      }
    }
    delivery = undefined;
    if (status !== "stopped") turn(log.held[0] ? "saving" : "saved");
  };

  const flush = () => {
    log.cut();
    return (delivery ??= deliver());
  };
  return {
    flush,
    resume() {
      beaconed = 0;
      room = 6e4;
      // Several events report one return (visible, shown, online); the request begun at the first is not cancelled by the next.
      const now = performance.now();
      if (now >= since + 1e3) quit();
      since = now;
      return flush();
    },
    beacon() {
      log.cut();
      since = -1e3;
      for (const { end, body } of log.batches) {
        if (end <= beaconed) continue;
        room -= new Blob([body]).size;
        if (room < 0 || !navigator.sendBeacon(url, body)) break;
        beaconed = end;
      }
    }
  };
};
