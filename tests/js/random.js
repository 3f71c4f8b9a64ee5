// @ts-check
/**
 * Repeatable randomness (mulberry32).
 *
 * @param {number} seed
 */
export const random = (seed) => {
  const next = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  /** @param {number} limit */
  const below = (limit) => Math.floor(next() * limit);
  /** @template T @param {T[]} values @returns {T} */
  const pick = (values) => /** @type {T} */ (values[below(values.length)]);
  /** A text of few letters, so that repetitions are common, with pairs and lone surrogates. @param {number} most */
  const text = (most) =>
    Array.from({ length: below(most + 1) }, () => pick(["a", "a", "b", " ", "\n", "é", "\ud83d\ude00", "\ud83d"])).join(
      ""
    );
  return { below, pick, text };
};
