// @ts-check
/** Lists of submissions: their keys, selecting lines, and counts that follow the filters. */
import { showCounts, wireFacets } from "./counts.js";
import { helpKeys } from "./help.js";
import { formKeys, listenToKeys } from "./keys.js";
import { rowKeys } from "./rows.js";
import { wirePicks } from "./selection.js";

let stop = () => {};

/** Attaches listeners to the present content; called again after the content was replaced. */
function wire() {
  stop();
  const actions = { ...formKeys(document), ...rowKeys(document, wirePicks(document)) };
  stop = listenToKeys({ ...actions, ...helpKeys(document.querySelector("[data-help]"), actions) });
  showCounts(document).catch(() => undefined);
  wireFacets(document);
}

wire();
document.addEventListener("swapped", wire);
