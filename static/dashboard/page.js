// @ts-check
/** Common to all dashboard pages: times in the reader's time zone, live updates, the palette, and unsaved changes. */
import { stayLive } from "./live.js";
import { wirePalette } from "./palette.js";
import { wireSorting } from "./sorting.js";
import { wireSuggestions } from "./suggesting.js";
import { applyZone, showLocalTimes } from "./times.js";
import { guardUnsaved } from "./unsaved.js";

showLocalTimes(document);
applyZone(document);
wireSorting(document);
wireSuggestions(document);
wirePalette(document);
document.addEventListener("swapped", () => {
  applyZone(document);
  wireSorting(document);
  wireSuggestions(document);
});
// On a narrow screen the study's tabs scroll sideways; the one that is open should be in sight.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
const live = document.body.dataset.live;
if (live && "EventSource" in window) {
  stayLive(live);
}
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  guardUnsaved(/** @type {HTMLFormElement} */ (form), window);
}
