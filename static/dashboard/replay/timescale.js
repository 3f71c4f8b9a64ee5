// @ts-check
/** Converts session time to shown time, in which long pauses are shortened, and back. */

/**
 * @param {readonly (readonly [number, number])[]} knots  pairs in ascending order
 * @param {number} value
 * @param {0 | 1} from  which of a pair `value` is
 * @returns {number}  the other of the pair, interpolated between two knots
 */
function along(knots, value, from) {
  const to = from === 0 ? 1 : 0;
  const first = knots[0] ?? [0, 0];
  const last = knots.at(-1) ?? first;
  if (value <= first[from]) {
    return first[to];
  }
  for (let at = 1; at < knots.length; at += 1) {
    const a = knots[at - 1] ?? first;
    const b = knots[at] ?? last;
    if (value <= b[from]) {
      const share = b[from] === a[from] ? 1 : (value - a[from]) / (b[from] - a[from]);
      return a[to] + share * (b[to] - a[to]);
    }
  }
  return last[to];
}

/** @param {readonly (readonly [number, number])[]} knots  [ms of the session, ms as shown] */
export function timescale(knots) {
  return {
    /** Length of the session as shown, ms. */
    length: knots.at(-1)?.[1] ?? 0,
    /** @param {number} ms  of the session */
    shown: (ms) => along(knots, ms, 0),
    /** @param {number} shown */
    real: (shown) => along(knots, shown, 1)
  };
}

/**
 * @param {number} ms
 * @returns {string}  minutes and seconds, hours where there are any
 */
export function clock(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, "0"));
  const hours = Math.floor(seconds / 3600);
  return hours ? `${hours}:${parts.join(":")}` : parts.join(":");
}
