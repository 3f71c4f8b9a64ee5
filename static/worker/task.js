// @ts-check
/** @import { Recorder, Status } from "../recorder/types.js" */
import { catchUp } from "./draft.js";
import { finish } from "./finish.js";
import { followBox } from "./follow.js";
import { applyRules } from "./rules.js";
import { deliver, Refused } from "./submission.js";
import { countWords, describeCount, describeProblem, limitsOf } from "./words.js";

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
const { ticket = "", eventsUrl, submissionUrl = "", draftUrl } = task.dataset;
const limits = limitsOf(task.dataset);

/** @type {Status} */
let delivery = "saved";
let submitting = false;

/**
 * Routine changes are not announced to screen readers; losing and regaining the connection is.
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

/** @param {string} message  empty removes the last one */
const complain = (message) => {
  problem.hidden = !message;
  problem.textContent = message;
};

const OFFLINE = "Offline – your text is kept on this page and will be sent when the connection returns";
// Stays until the next key, because returning workers look for it.
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
  // Announced only when a limit is crossed, not at every word.
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
  const recorder = record({ box, source, instructions: byId("instructions"), ticket, url: eventsUrl, draft: box.defaultValue > "", onStatus });
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
  // hold.js kept it locked until here.
  delete box.dataset.held;
  box.readOnly = false;
}
