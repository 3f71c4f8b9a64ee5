// @ts-check
/** @import { Environment } from "./types.js" */

/** Facts about the machine that the analysis needs, and nothing that only identifies machines. @returns {Environment} */
export const environment = () => {
  // The smallest of five timer steps in ms; 100, the coarsest known, if it hardly advances.
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
    framed: self !== top
  };
};
