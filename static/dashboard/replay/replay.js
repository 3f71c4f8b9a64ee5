// @ts-check
/** Loads the replay on demand: fetches the steps, attaches the controls. */
import { makePlayer } from "./player.js";

/** @typedef {ReturnType<typeof makePlayer>} Player */

/**
 * @param {HTMLElement} section
 * @param {typeof fetch} [ask]
 * @returns {() => Promise<Player>}  the player, made on the first call
 */
function loader(section, ask = (...args) => fetch(...args)) {
  /** @type {Promise<Player> | undefined} */
  let player;
  return () => {
    player ??= ask(section.dataset.playback ?? "")
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
      .then((payload) => makePlayer(section, payload))
      .catch((problem) => {
        player = undefined;
        const now = section.querySelector("[data-now]");
        if (now) {
          now.textContent = "The replay could not be loaded. Try again in a moment.";
        }
        throw problem;
      });
    return player;
  };
}

/**
 * @param {HTMLElement} section
 * @returns {Record<string, () => void>}  what the page's keys may do
 */
export function wireReplay(section) {
  const player = loader(section);
  /** @param {(ready: Player) => void} act */
  const act = (act) => {
    // The page shows the failure already.
    player().then(act, () => undefined);
  };
  section.classList.add("live");
  for (const hidden of section.querySelectorAll(".player, .scrub")) {
    hidden.removeAttribute("hidden");
  }
  const speed = /** @type {HTMLSelectElement} */ (section.querySelector("[data-speed]"));
  const scrub = /** @type {HTMLInputElement} */ (section.querySelector("[data-scrub]"));
  const timeline = /** @type {SVGSVGElement} */ (section.querySelector(".timeline"));
  const toggle = () =>
    act((ready) => {
      ready.setSpeed(Number(speed.value));
      ready.toggle();
    });
  section.querySelector("[data-play]")?.addEventListener("click", toggle);
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (section.querySelectorAll("[data-step]"))) {
    button.addEventListener("click", () => act((ready) => ready.step(Number(button.dataset.step) > 0 ? 1 : -1)));
  }
  speed.addEventListener("change", () => act((ready) => ready.setSpeed(Number(speed.value))));
  scrub.addEventListener("input", () => {
    // Read it now: a player being created moves the slider to the start.
    const wanted = Number(scrub.value);
    act((ready) => ready.seek(wanted));
  });
  timeline.addEventListener("click", (event) => {
    const box = timeline.getBoundingClientRect();
    act((ready) => ready.seek(((event.clientX - box.left) / box.width) * Number(scrub.max)));
  });
  document.addEventListener("click", (event) => {
    const moment = event.target instanceof Element ? event.target.closest("[data-t]") : null;
    if (moment instanceof HTMLElement) {
      act((ready) => ready.show(Number(moment.dataset.t)));
    }
  });
  // Prepared in idle time, so that it does not compete with the page itself.
  const idle = window.requestIdleCallback ?? ((/** @type {() => void} */ callback) => setTimeout(callback, 300));
  idle(() => act(() => undefined));
  return {
    p: toggle,
    ",": () => act((ready) => ready.step(-1)),
    ".": () => act((ready) => ready.step(1))
  };
}
