// @ts-check

const STEP_MS = 250;
// A page before this one that does not tell its end within this time has crashed, or is still open.
const END_WITHIN_MS = 1500;
// What it has sent may need longer on a slow line, and so may an answer; a text with a hole is worse than a few seconds.
const MISSING_WITHIN_MS = 6000;

/** @typedef {{ text?: string, settled?: boolean, missing?: boolean }} Draft */

/** @param {string} url @param {string} ticket @returns {Promise<Draft>} */
const ask = async (url, ticket) => {
  try {
    const signal = AbortSignal.timeout?.(3000);
    const response = await fetch(url, { method: "POST", body: JSON.stringify({ v: 1, ticket }), signal });
    if (response.status < 500) return await response.json();
  } catch {
    // As if the server were busy: the next answer may be whole.
  }
  return { settled: false, missing: true };
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
  for (const start = Date.now(); ; ) {
    const { text, settled, missing } = await ask(url, ticket);
    // What the browser itself restored is not ours to replace.
    if (text && box.value === box.defaultValue) box.value = box.defaultValue = text;
    if (settled !== false || Date.now() - start >= (missing ? MISSING_WITHIN_MS : END_WITHIN_MS)) break;
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
  box.readOnly = false;
};
