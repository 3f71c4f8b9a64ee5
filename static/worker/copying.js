// @ts-check
/** @import { On } from "../recorder/types.js" */
import { watchClipboard } from "../recorder/clipboard.js";
import { watchEdits } from "../recorder/edits.js";
import { environment } from "../recorder/environment.js";
import { guard } from "../recorder/guard.js";
import { watchKeys } from "../recorder/keys.js";
import { createLog } from "../recorder/log.js";
import { hash } from "../recorder/text.js";

// The exercise goes with the form, once, and never into the task's own log: the log stays here, without a ticket.
const copyBox = /** @type {HTMLTextAreaElement} */ (document.getElementById("answer"));
const copyForm = /** @type {HTMLFormElement} */ (document.getElementById("copying-form"));
const events = /** @type {HTMLInputElement} */ (document.getElementById("events"));

const log = createLog(undefined, () => {});
const perf = performance.now();
const wall = Date.now();

/** @type {On} */
const on = (target, names, handler) => {
  const listener = guard((/** @type {any} */ event) => {
    const entry = handler(event);
    if (!entry) return;
    edits.compare();
    log.add(entry, event.timeStamp);
  });
  for (const name of names.split(" ")) target.addEventListener(name, listener, { capture: true });
};

log.add(["E", environment()]);
log.add(["i", copyBox.value ? "browser" : "empty", ...hash(copyBox.value)]);
const edits = watchEdits(copyBox, log, on);
watchKeys(copyBox, on);
watchClipboard(copyBox, [], on);

copyForm.addEventListener("submit", () => {
  edits.look();
  edits.checkpoint(true);
  log.add(["z", log.count, ...hash(copyBox.value), Math.round(performance.now() - perf), Date.now() - wall]);
  events.value = JSON.stringify(log.held);
});

// hold.js kept it locked until here.
delete copyBox.dataset.held;
copyBox.readOnly = false;
