// @ts-check
/** What every dashboard page does with JavaScript: times in the reader's own zone. */
import { showLocalTimes } from "./times.js";

showLocalTimes(document);
