// @ts-check
/** @import { Recorder, Status } from "../recorder/types.js" */
import { catchUp } from "./draft.js";
import { finish } from "./finish.js";
import { followBox } from "./follow.js";
import { applyRules } from "./rules.js";
import { deliver, Refused, Unreadable } from "./submission.js";
import { countWords, describeCount, describeProblem, limitsOf } from "./words.js";

/** The template makes these; what may be missing is typed so where it is used. @param {string} id @returns {any} */
const byId = (id) => document.getElementById(id);

/** @type {HTMLElement} */
const task = byId("task");
/** @type {HTMLTextAreaElement} */
const box = byId("answer");
/** What the person sees: the box, or what a script put into its place. @type {HTMLTextAreaElement} */
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

/** @type {Status} */
let delivery = "saved";
let submitting = false;

/**
 * Routine changes stay silent for screen readers; losing and finding the connection does not.
 *
 * @param {string} text
 * @param {{ aloud?: boolean, away?: boolean }} [manner]
 */
const say = (text, { aloud = false, away = false } = {}) => {
  if (status.textContent === text) return;
  status.setAttribute("aria-live", aloud || away ? "polite" : "off");
  status.dataset.state = away ? "away" : "";
  status.textContent = text;
};

/** @param {string} message  empty takes the last one away */
const complain = (message) => {
  problem.hidden = !message;
  problem.textContent = message;
};

const OFFLINE = "Offline – your text is kept on this page and will be sent when the connection returns";
// Stays until the next key: whoever comes back looks for it.
const BACK = "Your text from before is here";
const STOPPED = "Nothing more is recorded on this page; you can still submit";
const REPLACED = "Something on this page, perhaps an extension, replaced the answer box. What you write there is not recorded; you can still submit";

/** @param {Status} now */
const onStatus = (now) => {
  const wasAway = delivery === "offline";
  delivery = now;
  if (submitting) return;
  if (now === "offline") say(OFFLINE, { away: true });
  else if (now === "stopped") say(STOPPED, { away: true });
  else if (now === "saved" && status.textContent && status.textContent !== BACK) say("Saved", { aloud: wasAway });
};

let within = "";
const showCount = () => {
  const words = countWords(box.value);
  const now = words > limits.most ? "over" : words < limits.least ? "under" : "within";
  // Read aloud only when a limit is crossed, not at every word.
  count.setAttribute("aria-live", now === within ? "off" : "polite");
  within = count.dataset.state = now;
  count.textContent = describeCount(words, limits);
};

box.addEventListener("input", () => {
  complain("");
  if (delivery !== "offline" && delivery !== "stopped") say("Saving…");
  showCount();
});
showCount();
applyRules(task, box, source, complain);

/** @param {number} seconds @returns {Promise<void>} */
const pause = (seconds) => {
  say(`No answer from the server. Your text is kept on this page; trying again in ${seconds} s`, { away: true });
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

/** Brings the end of the log in; a submission never depends on it. @param {Recorder} recorder @returns {Promise<number | null>} its events */
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
  complain(describeProblem(shown.value, limits));
  if (!problem.hidden) return shown.focus();
  lock(true);
  say("Sending your text…", { aloud: true });
  try {
    const events = await endLog(recorder);
    const receipt = await deliver(submissionUrl, { v: 1, ticket, text: shown.value, comment: comment?.value ?? "", events }, pause);
    recorder.stop();
    finish(task, receipt);
  } catch (error) {
    // The browser's own post needs no leave to read the answer: it shows it.
    if (error instanceof Unreadable) return HTMLFormElement.prototype.submit.call(form);
    complain(error instanceof Refused ? error.message : "Something went wrong on this page. Your text is still in the box; please try again.");
    lock(false);
    say("Not submitted yet");
  }
};

// Without the recorder the form still works, as the browser's own post.
try {
  const { record } = await import("../recorder/recorder.js");
  if (draftUrl) {
    say("Looking for your text…");
    await catchUp(box, draftUrl, ticket);
    say(box.value && BACK, { aloud: true });
    showCount();
  }
  const recorder = record({ box, source, instructions: byId("instructions"), ticket, url: eventsUrl, draft: box.defaultValue, onStatus });
  followBox(box, {
    lost: (copy) => {
      shown = copy ?? box;
      recorder.stop();
      onStatus("stopped");
      say(REPLACED, { away: true });
    },
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!submitting) submit(recorder);
  });
} catch {
  say("");
} finally {
  // hold.js kept it closed until here.
  delete box.dataset.held;
  box.readOnly = false;
}
