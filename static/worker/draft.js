// @ts-check

const WAIT_MS = 250;
// A page before this one that does not tell its end within this time has crashed, or is still open.
const TRIES = 6;
// What it has sent may need longer on a slow line; a text with a hole is worse than a few seconds.
const TRIES_IF_MISSING = 24;

/** @param {string} url @param {string} ticket @returns {Promise<{ text?: string, settled?: boolean, missing?: boolean }>} */
const ask = async (url, ticket) => {
  const signal = AbortSignal.timeout?.(3000);
  const response = await fetch(url, { method: "POST", body: JSON.stringify({ v: 1, ticket }), signal });
  return response.json();
};

/**
 * Waits until the page before this one has sent its last words, and puts the whole draft into the answer box. Browsers ask for
 * a page before the one that it replaces ends, so what was typed within a flush interval of a reload is not in the HTML yet.
 *
 * @param {HTMLTextAreaElement} box  cannot be written in until this is over
 * @param {string} url
 * @param {string} ticket
 */
export const catchUp = async (box, url, ticket) => {
  box.readOnly = true;
  try {
    for (let tries = 1; ; tries++) {
      const { text, settled, missing } = await ask(url, ticket);
      // What the browser itself restored is not ours to replace.
      if (text && box.value === box.defaultValue) box.value = box.defaultValue = text;
      if (settled !== false || tries >= (missing ? TRIES_IF_MISSING : TRIES)) break;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  } catch {
    // Then the draft is what came with the page.
  }
  box.readOnly = false;
};
