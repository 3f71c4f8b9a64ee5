// @ts-check
/** @import { Recorder, Status } from "../recorder/types.js" */
import { catchUp } from "./draft.js";
import { finish } from "./finish.js";
import { followBox } from "./follow.js";
import { describeCount, describeProblem, limitsOf } from "./length.js";
import { fill, readMessages } from "./messages.js";
import { applyRules } from "./rules.js";
import { keepInSight } from "./sight.js";
import { askAtPaste, statementOf } from "./statement.js";
import { deliver, Refused, Unreadable } from "./submission.js";

/** The template creates these; those that may be missing have a type that says so. @param {string} id @returns {any} */
const byId = (id) => document.getElementById(id);

/** @type {HTMLElement} */
const task = byId("task");
/** @type {HTMLTextAreaElement} */
const box = byId("answer");
/** The visible box: ours, or the one that a script put in its place. @type {HTMLTextAreaElement} */
let shown = box;
/** @type {HTMLTextAreaElement | null} */
const comment = byId("comment");
/** @type {HTMLFormElement} */
const form = byId("answer-form");
/** @type {HTMLButtonElement} */
const button = byId("submit");
/** @type {HTMLElement} */
const count = byId("count");
/** @type {HTMLElement} */
const status = byId("status");
/** @type {HTMLElement} */
const problem = byId("problem");
/** @type {HTMLElement | null} */
const source = byId("source");
const { ticket = "", eventsUrl = "", submissionUrl = "", draftUrl } = task.dataset;
const limits = limitsOf(task.dataset);
const messages = readMessages();
const { lang } = document.documentElement;

/** @type {Status} */
let delivery = "saved";
let submitting = false;

/**
 * Routine changes are not announced to screen readers; losing and regaining the connection is.
 *
 * @param {string} [text]
 * @param {{ aloud?: boolean, away?: boolean }} [manner]
 */
const say = (text = "", { aloud = false, away = false } = {}) => {
  if (status.textContent === text) return;
  status.setAttribute("aria-live", aloud || away ? "polite" : "off");
  status.dataset.state = away ? "away" : "";
  status.textContent = text;
};

/** @param {string} [message]  empty takes the last one away */
const complain = (message = "") => {
  problem.hidden = !message;
  problem.textContent = message;
};

/** @param {Status} now */
const onStatus = (now) => {
  const wasAway = delivery === "offline";
  delivery = now;
  if (submitting) return;
  if (now === "offline") say(messages.offline, { away: true });
  else if (now === "stopped") say(messages.stopped, { away: true });
  // That the text is back stays until the next key: whoever comes back looks for it.
  else if (now === "saved" && status.textContent && status.textContent !== messages.back)
    say(messages.saved, { aloud: wasAway });
};

let within = "";
const showCount = () => {
  const length = limits.count(box.value);
  const now = length > limits.most ? "over" : length < limits.least ? "under" : "within";
  // Read aloud only when a limit is crossed, not at every word.
  count.setAttribute("aria-live", now === within ? "off" : "polite");
  within = count.dataset.state = now;
  count.textContent = describeCount(length, limits, messages, lang);
};

box.addEventListener("input", () => {
  complain("");
  if (delivery !== "offline" && delivery !== "stopped") say(messages.saving);
  showCount();
});
showCount();
applyRules(task, box, source, complain, messages);
askAtPaste(box, source, byId("text-origin"));
keepInSight(task, box, source);

/** @param {number} seconds @returns {Promise<void>} */
const pause = (seconds) => {
  say(fill(messages.waiting ?? "", { seconds }), { away: true });
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000);
    addEventListener("online", () => resolve(), { once: true });
    button.addEventListener("click", () => resolve(), { once: true });
  });
};

/** @param {boolean} now */
const lock = (now) => {
  submitting = box.readOnly = shown.readOnly = now;
  button.setAttribute("aria-disabled", String(now));
};

/** Sends the end of the log; a submission never depends on it. @param {Recorder} recorder @returns {Promise<number | null>} its events */
const endLog = async (recorder) => {
  try {
    const { events, sent } = recorder.submit();
    await Promise.race([sent, new Promise((resolve) => setTimeout(resolve, 10_000))]);
    return events;
  } catch {
    return null;
  }
};

/** @param {Recorder} recorder */
const submit = async (recorder) => {
  complain(describeProblem(shown.value, limits, messages, lang));
  if (!problem.hidden) return shown.focus();
  lock(true);
  say(messages.sending, { aloud: true });
  try {
    const events = await endLog(recorder);
    const receipt = await deliver(
      submissionUrl,
      { v: 1, ticket, text: shown.value, comment: comment?.value ?? "", events, ...statementOf(form) },
      pause
    );
    recorder.stop();
    finish(task, receipt, messages);
  } catch (error) {
    // The browser's own post needs no permission to read the answer: it shows it.
    if (error instanceof Unreadable) return HTMLFormElement.prototype.submit.call(form);
    complain(error instanceof Refused && error.cause ? error.message : messages.failed);
    lock(false);
    say(messages.unsent);
  }
};

// Without the recorder the form still works, as the browser's own post.
try {
  const { record } = await import("../recorder/recorder.js");
  if (draftUrl) {
    say(messages.looking);
    await catchUp(box, draftUrl, ticket);
    say(box.value && messages.back, { aloud: true });
    showCount();
  }
  const recorder = record({
    box,
    source,
    instructions: byId("instructions"),
    ticket,
    url: eventsUrl,
    draft: box.defaultValue,
    onStatus
  });
  followBox(box, {
    lost: (copy) => {
      shown = copy ?? box;
      recorder.stop();
      onStatus("stopped");
      say(messages.replaced, { away: true });
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!submitting) submit(recorder);
  });
} catch {
  say("");
} finally {
  // hold.js kept it locked until here.
  delete box.dataset.held;
  box.readOnly = false;
}
