// @ts-check
/** @import { Add, On, Options, Recorder } from "./types.js" */
import { watchAttention } from "./attention.js";
import { watchClipboard } from "./clipboard.js";
import { watchEdits } from "./edits.js";
import { environment } from "./environment.js";
import { guard } from "./guard.js";
import { watchKeys } from "./keys.js";
import { createLog } from "./log.js";
import { watchPresence } from "./presence.js";
import { hash } from "./text.js";
import { createTransport } from "./transport.js";

/**
 * Records how the text in an answer box is written, and sends events to the server continuously.
 *
 * @param {Options} options
 * @returns {Recorder}
 */
export const record = ({ box, source, instructions, ticket, url, draft, onStatus }) => {
  const halt = new AbortController();
  let ticks = 0;
  const perf = performance.now();
  const wall = Date.now();

  const stop = () => {
    halt.abort();
    clearInterval(timer);
  };
  const log = createLog(ticket, () => transport.flush());
  const transport = createTransport(
    url,
    log,
    guard((status) => {
      if (status === "stopped") stop();
      onStatus?.(status);
    })
  );
  /** @type {Add} */
  const add = (entry, at) => {
    edits.compare();
    log.add(entry, at);
  };
  /** @type {On} */
  const on = (target, names, handler) => {
    const listener = guard((/** @type {any} */ event) => {
      const entry = handler(event);
      if (entry) add(entry, event.timeStamp);
    });
    // Window listeners to the wheel are passive by default (DOM, section 2.7), so none of these can delay scrolling.
    for (const name of names.split(" "))
      target.addEventListener(name, listener, { capture: true, signal: halt.signal });
  };

  log.add(["E", environment()]);
  log.add(["i", box.value ? (box.value === draft ? "server" : "browser") : "empty", ...hash(box.value)]);
  const edits = watchEdits(box, log, on);
  watchKeys(box, on);
  watchClipboard(
    box,
    [
      ["instructions", instructions],
      ["source", source]
    ],
    on
  );
  watchPresence(box, on);
  const attend = watchAttention(source, on, add);

  // Each of these may be the page's last event, so everything is sent. Registered after the modules' own listeners.
  on(window, "blur", () => {
    edits.checkpoint();
    transport.flush();
  });
  on(window, "visibilitychange pagehide pageshow freeze online", (e) => {
    if (document.hidden || e.type === "pagehide") transport.beacon();
    else transport.resume();
  });
  const timer = setInterval(
    guard(() => {
      if (++ticks % 6 === 0) transport.flush();
      if (document.hidden) return;
      edits.look();
      if (ticks % 2) attend();
      if (ticks % 20 === 0) edits.checkpoint();
    }),
    500
  );
  transport.resume();

  return {
    start(now) {
      log.ticket = now;
      transport.flush();
    },
    submit() {
      edits.look();
      edits.checkpoint(true);
      log.add(["z", log.count, ...hash(box.value), Math.round(performance.now() - perf), Date.now() - wall]);
      return { events: log.count, sent: transport.resume() };
    },
    stop
  };
};
