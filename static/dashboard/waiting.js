// @ts-check
/** Polls until the analysis is done or has failed. */

const FIRST_MS = 400;
const LONGEST_MS = 10_000;

/**
 * @param {string} url  answers `{"analysed": boolean, "failed": boolean}`
 * @param {() => void} ready
 * @param {typeof fetch} [ask]
 * @returns {() => void}  stops waiting
 */
export function waitForAnalysis(url, ready, ask = (...args) => fetch(...args)) {
  let pause = FIRST_MS;
  let timer = 0;
  let stopped = false;

  const look = async () => {
    let there = false;
    try {
      const answer = await ask(url, { headers: { accept: "application/json" } });
      const { analysed, failed } = answer.ok ? await answer.json() : { analysed: false, failed: false };
      there = analysed === true || failed === true;
    } catch {
      // Offline or restarting: try again later.
    }
    if (stopped) {
      return;
    }
    if (there) {
      ready();
      return;
    }
    pause = Math.min(pause * 1.6, LONGEST_MS);
    timer = Number(setTimeout(look, pause));
  };
  timer = Number(setTimeout(look, pause));
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
