// @ts-check

/**
 * Wraps every callback of the recorder, so that none throws into the page.
 *
 * @template Value
 * @param {(value: Value) => unknown} run
 */
export const guard = (run) => (/** @type {Value} */ value) => {
  try {
    run(value);
  } catch {}
};
