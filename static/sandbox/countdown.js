// @ts-check
/**
 * Keeps every `<time datetime="…" data-countdown>` up to date. Without it the page shows the time left when it was loaded.
 */

const MINUTE_S = 60;

/**
 * @param {number} seconds  until the deadline; negative afterwards
 * @returns {string}
 */
function inWords(seconds) {
  if (seconds <= 0) return "none, the time is over";
  const whole = Math.floor(seconds);
  const parts = [
    [Math.floor(whole / 3600), "hour"],
    [Math.floor(whole / MINUTE_S) % MINUTE_S, "minute"],
    [whole < 5 * MINUTE_S ? whole % MINUTE_S : 0, "second"]
  ];
  const shown = parts
    .filter(([number]) => number)
    .map(([number, unit]) => `${number} ${unit}${number === 1 ? "" : "s"}`);
  return shown.join(" ") || "less than a minute";
}

function tick() {
  for (const time of document.querySelectorAll("time[data-countdown]")) {
    const deadline = Date.parse(time.getAttribute("datetime") ?? "");
    const text = inWords((deadline - Date.now()) / 1000);
    if (time.textContent !== text) time.textContent = text;
  }
}

if (typeof document !== "undefined") {
  tick();
  setInterval(tick, 1000);
}
