// @ts-check
/** State of the playback: play, pause, speed, seek. Independent of the page. */

/**
 * @param {object} options
 * @param {number} options.length  ms as shown
 * @param {(shown: number, playing: boolean) => void} options.onMove  called after every change
 * @param {(callback: (now: number) => void) => number} [options.frame]
 */
export function makeTransport({ length, onMove, frame = (callback) => requestAnimationFrame(callback) }) {
  let at = 0;
  let speed = 1;
  let playing = false;
  let before = 0;

  /** @param {number} now */
  const tick = (now) => {
    if (!playing) {
      return;
    }
    // The first frame after the tab was hidden must not skip minutes.
    at = Math.min(length, at + Math.min(now - before, 250) * speed);
    before = now;
    playing = at < length;
    onMove(at, playing);
    if (playing) {
      frame(tick);
    }
  };

  return {
    get at() {
      return at;
    },
    get playing() {
      return playing;
    },
    /** @param {number} value  shown ms a ms */
    setSpeed(value) {
      speed = value;
    },
    /** @param {number} shown */
    seek(shown) {
      at = Math.min(length, Math.max(0, shown));
      onMove(at, playing);
    },
    pause() {
      playing = false;
      onMove(at, playing);
    },
    play() {
      if (playing) {
        return;
      }
      at = at >= length ? 0 : at;
      playing = true;
      frame((now) => {
        before = now;
        frame(tick);
      });
      onMove(at, playing);
    }
  };
}
