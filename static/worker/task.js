// @ts-check
/** @import { Recorder, Status } from "../recorder/types.js" */
import { finish } from "./finish.js";
import { applyRules } from "./rules.js";
import { deliver, Refused } from "./submission.js";
import { countWords, describeCount, describeProblem, limitsOf } from "./words.js";

/** The template makes these; what may be missing is typed so where it is used. @param {string} id @returns {any} */
const byId = (id) => document.getElementById(id);

/** @type {HTMLElement} */
const task = byId("task");
/** @type {HTMLTextAreaElement} */
const box = byId("answer");
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
const { ticket = "", eventsUrl, submissionUrl = "", draft } = task.dataset;
const limits = limitsOf(task.dataset);

/** @type {Status} */
let delivery = "saved";
let submitting = false;

/** Routine changes stay silent for screen readers; losing and finding the connection does not. @param {string} text @param {boolean} aloud */
const say = (text, aloud = false) => {
  if (status.textContent === text) return;
  status.setAttribute("aria-live", aloud ? "polite" : "off");
  status.textContent = text;
};

const OFFLINE = "Offline – your text is kept on this page and will be sent when the connection returns";
const STOPPED = "Nothing more is recorded on this page; you can still submit";

/** @param {Status} now */
const onStatus = (now) => {
  const wasAway = delivery === "offline";
  delivery = now;
  if (submitting) return;
  if (now === "offline") say(OFFLINE, true);
  else if (now === "stopped") say(STOPPED, true);
  else if (now === "saved") say("Saved", wasAway);
};

/** @type {ReturnType<typeof setTimeout> | undefined} */
let counting;
const showCount = () => {
  const words = countWords(box.value);
  count.textContent = describeCount(words, limits);
  count.dataset.state = words > limits.most ? "over" : words < limits.least ? "under" : "within";
};

box.addEventListener("input", () => {
  problem.textContent = "";
  if (delivery !== "offline" && delivery !== "stopped") say("Saving…");
  clearTimeout(counting);
  counting = setTimeout(showCount, 300);
});
showCount();
applyRules(task, box, source, (message) => (problem.textContent = message));

/** @param {Recorder} recorder */
const submit = async (recorder) => {
  problem.textContent = describeProblem(box.value, limits);
  if (problem.textContent) return box.focus();
  submitting = true;
  box.readOnly = true;
  button.setAttribute("aria-disabled", "true");
  say("Sending your answer…", true);
  try {
    const events = await recorder.submit();
    const submission = { v: /** @type {const} */ (1), ticket, text: box.value, comment: comment?.value ?? "", events };
    const receipt = await deliver(submissionUrl, submission, pause);
    recorder.stop();
    finish(task, receipt);
  } catch (error) {
    problem.textContent = error instanceof Refused ? error.message : "Something went wrong here. Your text is still in the box; please try again.";
    box.readOnly = false;
    button.removeAttribute("aria-disabled");
    submitting = false;
    say("Not submitted yet", true);
  }
};

/** @param {number} seconds @returns {Promise<void>} */
const pause = (seconds) => {
  say(`No answer from the server. Your text is kept on this page; trying again in ${seconds} s`, true);
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000);
    addEventListener("online", () => resolve(), { once: true });
  });
};

// Without the recorder the form still works as the browser's own post.
try {
  const { record } = await import("../recorder/recorder.js");
  const recorder = record({ box, source, instructions: byId("instructions"), ticket, url: eventsUrl, draft: draft === "1", onStatus });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!submitting) submit(recorder);
  });
} catch {
  say("");
}
