// @ts-check
import { mock } from "node:test";

/** Lets promises run that wait for nothing but each other. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));

/**
 * Simulated time, for timers as for performance.now().
 *
 * @param {import("node:test").TestContext} t
 */
export const simulateTime = (t) => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: 1_767_225_600_000 });
  const start = Date.now();
  const now = t.mock.method(performance, "now", () => Date.now() - start);
  t.after(() => {
    mock.timers.reset();
    now.mock.restore();
  });
  return {
    /** Goes on in steps, with the promises of each. @param {number} ms @param {number} [step] */
    async pass(ms, step = ms) {
      for (let left = ms; left > 0; left -= step) {
        mock.timers.tick(Math.min(step, left));
        await settle();
      }
    }
  };
};
