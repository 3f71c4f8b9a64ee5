// @ts-check
/** Live updates: when the server reports a change, the page fetches itself and replaces its content. */
import { showLocalTimes } from "./times.js";

/** @returns {boolean}  whether the reader is doing something that must not be interrupted */
function isBusy() {
  const active = document.activeElement;
  const writing = active instanceof Element && active.closest("main form, main details, dialog") !== null;
  const picked = document.querySelector("main [name=pick]:checked") !== null;
  return writing || picked || window.scrollY > 300 || !document.getSelection()?.isCollapsed;
}

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
  const note = document.createElement("p");
  note.className = "fresh";
  note.hidden = true;
  note.setAttribute("role", "status");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Something is new. Show it";
  button.addEventListener("click", () => window.location.reload());
  note.append(button);
  document.body.append(note);

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
