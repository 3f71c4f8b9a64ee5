// @ts-check
/** What every dashboard page does with JavaScript: local times, staying up to date, and asking about unsaved changes. */
import { stayLive } from "./live.js";
import { showLocalTimes } from "./times.js";
import { guardUnsaved } from "./unsaved.js";

showLocalTimes(document);
// On a narrow screen the study's tabs scroll sideways; the one that is open should be in sight.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
const live = document.body.dataset.live;
if (live && "EventSource" in window) {
  stayLive(live);
}
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  guardUnsaved(/** @type {HTMLFormElement} */ (form), window);
}
