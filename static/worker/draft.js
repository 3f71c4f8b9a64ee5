// @ts-check

const STEP_MS = 250;
const ANSWER_WITHIN_MS = 3000;
// If the previous page does not report its end within this time, it has crashed or is still open.
const END_WITHIN_MS = 1500;
// Its requests may need longer on a slow connection, and so may an answer; a text with a gap is worse than a few seconds.
const MISSING_WITHIN_MS = 6000;

/** @typedef {{ text?: string, settled?: boolean, missing?: boolean }} Draft */

/** @type {Draft} */
const NO_ANSWER = { settled: false, missing: true };

/** @template Value @param {number} ms @param {Value} value @returns {Promise<Value>} */
const later = (ms, value) => new Promise((resolve) => setTimeout(() => resolve(value), ms));

/** @param {string} url @param {string} ticket @returns {Promise<Draft>} */
const ask = async (url, ticket) => {
  try {
    const response = await fetch(url, { method: "POST", body: JSON.stringify({ v: 1, ticket }) });
    // A copy, because null is JSON too, and the box must be unlocked whatever the answer.
    if (response.status < 500) return { ...(await response.json()) };
  } catch {
    // Treated like a busy server: the next answer may be complete.
  }
  return NO_ANSWER;
};

/**
 * Asks for the draft until the page before this one has sent its last words. Browsers ask for a page before the one that it
 * replaces ends, so what was typed within a flush interval of a reload comes late.
 *
 * @param {string} url
 * @param {string} ticket
 * @param {(text: string) => void} use  told of each answer that holds a text; the last is the whole draft
 */
export const followDraft = async (url, ticket, use) => {
  for (const start = performance.now(); ; ) {
    const { text, settled, missing } = await Promise.race([ask(url, ticket), later(ANSWER_WITHIN_MS, NO_ANSWER)]);
    if (text) use(text);
    if (settled !== false || performance.now() - start >= (missing ? MISSING_WITHIN_MS : END_WITHIN_MS)) break;
    await later(STEP_MS, null);
  }
};

/**
 * Puts the whole draft into the answer box.
 *
 * @param {HTMLTextAreaElement} box  cannot be written in until this is over
 * @param {string} url
 * @param {string} ticket
 */
export const catchUp = async (box, url, ticket) => {
  box.readOnly = true;
  await followDraft(url, ticket, (text) => {
    // Keep what the browser itself restored.
    if (box.value === box.defaultValue) box.value = box.defaultValue = text;
  });
  box.readOnly = false;
};
