// @ts-check
/** The player on the page: joins the steps, the transport, the screen and the controls. */
import { makeScreen } from "./screen.js";
import { Script } from "./script.js";
import { clock, timescale } from "./timescale.js";
import { makeTransport } from "./transport.js";

/**
 * @param {ParentNode} root
 * @param {string} selector
 */
function part(root, selector) {
  return /** @type {HTMLElement} */ (root.querySelector(selector));
}

/**
 * Highlights the present line of the narrative.
 *
 * @param {HTMLElement} section
 * @returns {(ms: number) => string}  marks the line of a time and returns its text
 */
function followAccount(section) {
  const lines = [.../** @type {NodeListOf<HTMLElement>} */ (section.querySelectorAll("[data-line]"))];
  /** @type {HTMLElement | undefined} */
  let current;
  return (ms) => {
    const line = lines.filter((candidate) => Number(candidate.dataset.line) <= ms).at(-1);
    if (line !== current) {
      current?.removeAttribute("aria-current");
      line?.setAttribute("aria-current", "step");
      current = line;
    }
    return line?.textContent?.trim() ?? "";
  };
}

/**
 * @param {HTMLElement} section  the replay's section
 * @param {import("./types.js").Payload} payload
 */
export function makePlayer(section, payload) {
  const scale = timescale(payload.knots);
  const script = new Script(payload.steps);
  const draw = makeScreen(part(section, ".screen"));
  const account = followAccount(section);
  const play = part(section, "[data-play]");
  const at = part(section, "[data-at]");
  const now = part(section, "[data-now]");
  const head = part(section, "[data-head]");
  const scrub = /** @type {HTMLInputElement} */ (part(section, "[data-scrub]"));
  let drawn = -1;

  const transport = makeTransport({
    length: scale.length,
    onMove(shown, playing) {
      // Times are whole milliseconds; converting there and back may introduce a rounding error.
      const ms = Math.round(scale.real(shown));
      const done = script.doneBy(ms);
      if (done !== drawn) {
        draw(script.after(done));
        drawn = done;
      }
      at.textContent = clock(ms);
      play.textContent = playing ? "Pause" : "Play";
      scrub.value = String(shown);
      scrub.setAttribute("aria-valuetext", clock(ms));
      head.setAttribute("x1", String(shown));
      head.setAttribute("x2", String(shown));
      const pause = payload.pauses.find(([from, until]) => ms > from && ms < until);
      const sentence = pause ? `Pause of ${Math.round((pause[1] - pause[0]) / 1000)} s, shown shortened.` : account(ms);
      if (now.textContent !== sentence) {
        now.textContent = sentence;
      }
    }
  });

  /** @param {1 | -1} way */
  const step = (way) => {
    transport.pause();
    const done = script.doneBy(Math.round(scale.real(transport.at)));
    const moment = payload.steps[way > 0 ? done : done - 2]?.[0];
    transport.seek(moment === undefined ? (way > 0 ? scale.length : 0) : scale.shown(moment));
  };

  transport.seek(0);
  return {
    step,
    toggle: () => (transport.playing ? transport.pause() : transport.play()),
    setSpeed: transport.setSpeed,
    /** @param {number} shown */
    seek: (shown) => transport.seek(shown),
    /** @param {number} ms  of the session */
    show: (ms) => {
      transport.pause();
      transport.seek(scale.shown(ms));
    }
  };
}
