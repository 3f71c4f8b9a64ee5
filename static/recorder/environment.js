// @ts-check
/** @import { Environment } from "./types.js" */

/** What a reader of the log must know of the machine, and nothing that only tells machines apart. @returns {Environment} */
export const environment = () => {
  // The least of five steps of the timer in ms; 100, the coarsest known, if it hardly moves.
  let tick = 100;
  let last = performance.now();
  for (let calls = 1e5, steps = 5; calls && steps; calls--) {
    const step = performance.now() - last;
    if (step) {
      last += step;
      steps--;
      tick = Math.min(tick, step);
    }
  }
  const touch = navigator.maxTouchPoints;
  return {
    v: "1.0",
    ua: navigator.userAgent,
    lang: navigator.language,
    tz: Intl.DateTimeFormat().resolvedOptions().timeZone,
    vw: innerWidth,
    vh: innerHeight,
    touch,
    pointer: matchMedia("(pointer: fine)").matches ? "fine" : touch ? "coarse" : "none",
    webdriver: navigator.webdriver,
    tick,
    nav: performance.getEntriesByType("navigation")[0]?.type,
    visible: !document.hidden,
    focused: document.hasFocus(),
    framed: self !== top,
  };
};
