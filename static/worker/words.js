// @ts-check

/** Words are runs of characters other than white space, as on the server. @param {string} text */
export const countWords = (text) => text.match(/\S+/g)?.length ?? 0;

/**
 * @typedef {object} Limits
 * @property {number} least  0 if there is no lower limit
 * @property {number} most  Infinity if there is no upper limit
 */

/** @param {DOMStringMap} data  of the task element @returns {Limits} */
export const limitsOf = ({ minWords, maxWords }) => ({ least: Number(minWords) || 0, most: Number(maxWords) || Infinity });

/** @param {number} count */
const words = (count) => (count === 1 ? "1 word" : `${count} words`);

/**
 * The line under the answer box.
 *
 * @param {number} count
 * @param {Limits} limits
 */
export const describeCount = (count, { least, most }) => {
  if (count > most) return `${words(count)}, ${count - most} too many`;
  if (count < least) return `${words(count)}, at least ${least - count} more to go`;
  return most < Infinity ? `${words(count)} of at most ${most}` : words(count);
};

/**
 * Why the text cannot be submitted yet, in a friendly sentence; empty if it can.
 *
 * @param {string} text
 * @param {Limits} limits
 */
export const describeProblem = (text, { least, most }) => {
  const count = countWords(text);
  if (!count) return "Your answer is still empty. Please write it first.";
  if (count < least) return `Your answer has ${words(count)}. Please write at least ${words(least)}.`;
  if (count > most) return `Your answer has ${words(count)}. Please shorten it to at most ${words(most)}.`;
  return "";
};
