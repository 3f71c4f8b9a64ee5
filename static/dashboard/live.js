// @ts-check
/** Live updates: when the server reports a change, the page fetches itself and replaces its content. */
import { isBusy, reloadNote } from "./fresh.js";
import { showLocalTimes } from "./times.js";

/** @returns {Promise<boolean>}  whether the content was replaced */
async function swap() {
  const answer = await fetch(window.location.href, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) {
    return false;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#content");
  const present = document.querySelector("#content");
  if (!fresh || !present || isBusy()) {
    return false;
  }
  showLocalTimes(fresh);
  present.replaceChildren(...fresh.childNodes);
  document.dispatchEvent(new CustomEvent("swapped"));
  return true;
}

/** @param {HTMLElement} note */
function offer(note) {
  note.hidden = false;
}

/**
 * @param {string} url
 * @returns {() => void}  stops listening
 */
export function stayLive(url) {
  const note = reloadNote("Something is new. Show it");
  const source = new EventSource(url);
  source.addEventListener("change", () => {
    if (isBusy()) {
      offer(note);
      return;
    }
    swap().then(
      (done) => (done ? (note.hidden = true) : offer(note)),
      () => undefined
    );
  });
  return () => {
    source.close();
    note.remove();
  };
}
