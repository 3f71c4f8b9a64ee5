// @ts-check
/** Draws the text at a given time: one span per run, reused between frames, and the caret. */

/** @typedef {import("./types.js").State} State */

/** @param {HTMLElement} screen */
export function makeScreen(screen) {
  const caret = document.createElement("span");
  caret.className = "caret";
  /** @type {HTMLSpanElement[]} */
  const spans = [];

  /**
   * @param {number} at
   * @param {string} text
   * @param {string} look
   */
  const put = (at, text, look) => {
    let span = spans[at];
    if (!span) {
      span = document.createElement("span");
      spans.push(span);
    }
    const name = `run o-${look}`;
    if (span.className !== name) {
      span.className = name;
    }
    if (span.textContent !== text) {
      span.textContent = text;
    }
    return span;
  };

  /** @param {State} state */
  return function draw(state) {
    const wanted = [];
    let reached = 0;
    let placed = false;
    let used = 0;
    for (const { text, look } of state.runs) {
      const within = state.caret - reached;
      if (!placed && within >= 0 && within <= text.length) {
        placed = true;
        if (within > 0) {
          wanted.push(put(used++, text.slice(0, within), look));
        }
        wanted.push(caret);
        if (within < text.length) {
          wanted.push(put(used++, text.slice(within), look));
        }
      } else {
        wanted.push(put(used++, text, look));
      }
      reached += text.length;
    }
    if (!placed && wanted.length > 0) {
      wanted.push(caret);
    }
    const same =
      wanted.length === screen.childNodes.length && wanted.every((node, at) => screen.childNodes[at] === node);
    if (!same) {
      screen.replaceChildren(...wanted);
    }
    keepInView(screen, caret);
  };
}

/**
 * @param {HTMLElement} screen
 * @param {HTMLElement} caret
 */
function keepInView(screen, caret) {
  if (!caret.isConnected || screen.scrollHeight <= screen.clientHeight) {
    return;
  }
  const top = caret.offsetTop - screen.offsetTop;
  if (top < screen.scrollTop || top + 32 > screen.scrollTop + screen.clientHeight) {
    screen.scrollTop = top - screen.clientHeight / 2;
  }
}
