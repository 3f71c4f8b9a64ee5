// @ts-check
/** @import { Messages } from "./messages.js" */
import { fill } from "./messages.js";

// As on the server (keytrail/text/length.py): a run of characters other than white space with a letter or digit is a word,
// and so is each character of a script without spaces between words.
const WITHOUT_BLANKS =
  "\\u0e01-\\u0e30\\u0e32\\u0e33\\u0e40-\\u0e46\\u0e81-\\u0eb0\\u0eb2\\u0eb3\\u0ebd-\\u0ec6\\u1000-\\u102a\\u1780-\\u17b3" +
  "\\u3005-\\u3007\\u3021-\\u3029\\u3031-\\u3035\\u3041-\\u3096\\u309d-\\u309f\\u30a1-\\u30fa\\u30fc-\\u30ff\\u3105-\\u312f" +
  "\\u31a0-\\u31bf\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\uff66-\\uff9f\\u{20000}-\\u{3ffff}";
const PIECE = new RegExp(`[${WITHOUT_BLANKS}]|[^\\s${WITHOUT_BLANKS}]+`, "gu");

/** @param {string} text */
export const countWords = (text) => (text.match(PIECE) ?? []).filter((piece) => /[\p{L}\p{N}]/u.test(piece)).length;

/** Count characters without white space and without marks that combine with the character before them. @param {string} text */
export const countCharacters = (text) => text.match(/[^\s\p{M}\p{Cf}]/gu)?.length ?? 0;

/**
 * @typedef {object} Limits
 * @property {number} least  0 if there is no lower limit
 * @property {number} most  Infinity if there is no upper limit
 * @property {(text: string) => number} count
 */

/** @param {DOMStringMap} data  of the task element @returns {Limits} */
export const limitsOf = ({ least, most, unit }) => ({
  least: Number(least) || 0,
  most: Number(most) || Infinity,
  count: unit === "characters" ? countCharacters : countWords
});

/** A count with its unit, in the right plural. @param {number} count @param {Messages} messages @param {string} [language] */
const counted = (count, { length }, language) => {
  const form = length[new Intl.PluralRules(language).select(count)] ?? length.other ?? "";
  return fill(form, { count });
};

/**
 * The line under the answer box.
 *
 * @param {number} length
 * @param {Limits} limits
 * @param {Messages} messages
 * @param {string} [language]
 */
export const describeCount = (length, { least, most }, messages, language) => {
  const count = counted(length, messages, language);
  if (length > most) return fill(messages.over ?? "", { count, over: length - most });
  if (length < least) return fill(messages.under ?? "", { count, under: least - length });
  return most < Infinity ? fill(messages.within ?? "", { count, most }) : count;
};

/**
 * Return a friendly sentence that says why the text cannot be submitted yet; empty if it can.
 *
 * @param {string} text
 * @param {Limits} limits
 * @param {Messages} messages
 * @param {string} [language]
 */
export const describeProblem = (text, limits, messages, language) => {
  const count = limits.count(text);
  /** @param {number} number */
  const say = (number) => counted(number, messages, language);
  if (!count) return messages.empty ?? "";
  if (count < limits.least) return fill(messages.short ?? "", { length: say(count), least: say(limits.least) });
  if (count > limits.most) return fill(messages.long ?? "", { length: say(count), most: say(limits.most) });
  return "";
};
