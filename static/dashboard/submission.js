// @ts-check
/** The submission's page: explains runs on hover and focus, and waits for an analysis that is not there yet. */
import { explainRuns } from "./runs.js";
import { waitForAnalysis } from "./waiting.js";

const answer = document.getElementById("answer-text");
if (answer) {
  explainRuns(answer);
}
const waiting = document.querySelector("[data-wait]");
if (waiting instanceof HTMLElement) {
  waitForAnalysis(waiting.dataset.wait ?? "", () => window.location.reload());
}
