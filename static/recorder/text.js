// @ts-check
// Numbers about texts. Offsets and lengths are UTF-16 code units.

/**
 * Length, and FNV-1a hash of 32 bits over UTF-16 units. It detects errors, not forgery.
 *
 * @param {string} text
 * @returns {[len: number, hash: number]}
 */
export const hash = (text) => {
  let h = 2166136261;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
  return [text.length, h >>> 0];
};

/**
 * The edit that turns one text into the other: as small as possible, and ending at the caret, which resolves repeated letters.
 *
 * @param {string} a  before
 * @param {string} b  after
 * @param {number} caret  in b, or behind its end
 * @param {number} [from]  if the edit is known to have replaced a selection, its start and its end in a: both are kept to,
 * @param {number} [to]  even where a smaller edit would do ("a" typed over "ab" replaces two letters)
 * @returns {[pos: number, del: number, ins: string]}
 */
export const diff = (a, b, caret, from = a.length, to = 0) => {
  const room = Math.min(a.length, b.length);
  // While Firefox composes, the caret may lie behind the end of a value that a script made shorter.
  let kept = Math.max(0, b.length - caret);
  // Nearly always everything before and after the change is the same. Slices compare as one block, several times faster than startsWith.
  if (a.slice(a.length - kept) !== b.slice(caret)) kept = 0;
  const most = Math.min(from, room - kept);
  let pos = a.slice(0, most) === b.slice(0, most) ? most : 0;
  while (pos < most && a[pos] === b[pos]) pos++;
  while (kept < Math.min(a.length - to, room - pos) && a.at(-1 - kept) === b.at(-1 - kept)) kept++;
  return [pos, a.length - kept - pos, b.slice(pos, b.length - kept)];
};

/**
 * Flags of the wire format: bit i of the sum is set if condition i holds. A loop, because `reduce` made keystrokes slower.
 *
 * @param {any[]} bits
 * @returns {number}
 */
export const flags = (...bits) => {
  let sum = 0;
  for (let i = 0; i < bits.length; i++) sum += bits[i] ? 1 << i : 0;
  return sum;
};
