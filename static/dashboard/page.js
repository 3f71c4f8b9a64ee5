// @ts-check
/** What every dashboard page does with JavaScript: times in the reader's own zone, and staying up to date. */
import { stayLive } from "./live.js";
import { showLocalTimes, tellZone } from "./times.js";

showLocalTimes(document);
tellZone(document);
document.addEventListener("swapped", () => tellZone(document));
// On a narrow screen the study's tabs scroll sideways; the one that is open should be in sight.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
const live = document.body.dataset.live;
if (live && "EventSource" in window) {
  stayLive(live);
}
