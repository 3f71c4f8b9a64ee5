// @ts-check

/**
 * Nothing that the recorder does may throw into the page: each of its callbacks passes through here.
 *
 * @template Value
 * @param {(value: Value) => unknown} run
 */
export const guard = (run) => (/** @type {Value} */ value) => {
  try {
    run(value);
  } catch {}
};
