// @ts-check
/** Common to all dashboard pages: times in the reader's time zone, and live updates. */
import { stayLive } from "./live.js";
import { showLocalTimes } from "./times.js";

showLocalTimes(document);
// On a narrow screen the study's tabs scroll sideways; scroll the current one into view.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
const live = document.body.dataset.live;
if (live && "EventSource" in window) {
  stayLive(live);
}
