// @ts-check
/** The submission's page: explains runs, aligns copied passages, replays the session, decides by keyboard, waits for an analysis. */
import { alignPassages } from "./aligning.js";
import { decisionKeys, extendClaim } from "./deciding.js";
import { isBusy, reloadNote } from "./fresh.js";
import { helpKeys } from "./help.js";
import { formKeys, listenToKeys } from "./keys.js";
import { wireReplay } from "./replay/replay.js";
import { explainRuns } from "./runs.js";
import { wireTabs } from "./tabs.js";
import { waitForAnalysis } from "./waiting.js";

wireTabs(document);
const answer = document.getElementById("answer-text");
if (answer) {
  explainRuns(answer);
  const item = document.querySelector(".item-text");
  if (item instanceof HTMLElement) {
    alignPassages(answer, item);
  }
}
const waiting = document.querySelector("[data-wait]");
if (waiting instanceof HTMLElement) {
  const note = reloadNote("The analysis is finished. Show it");
  waitForAnalysis(waiting.dataset.wait ?? "", () => (isBusy() ? (note.hidden = false) : window.location.reload()));
}
const claim = document.querySelector("[data-claim]");
if (claim instanceof HTMLElement) {
  extendClaim(claim.dataset.claim ?? "");
}
const decide = document.getElementById("decide");
const replay = document.getElementById("replay");
const actions = {
  ...(replay ? wireReplay(replay) : {}),
  ...(decide instanceof HTMLFormElement ? decisionKeys(decide) : {}),
  ...formKeys(document)
};
listenToKeys({ ...actions, ...helpKeys(document.querySelector("[data-help]"), actions) });
