// @ts-check
/** The submission's page: explains runs, replays the session, waits for an analysis that is not there yet. */
import { listenToKeys } from "./keys.js";
import { wireReplay } from "./replay/replay.js";
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
const replay = document.getElementById("replay");
if (replay) {
  listenToKeys(wireReplay(replay));
}
