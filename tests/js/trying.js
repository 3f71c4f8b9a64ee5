// @ts-check
// The child process of patterns.test.js: tries the expressions that it reads from its input on hostile texts. It names each before it
// begins, so that one that never ends is known too, and says the processor time of the longest try, in ms.
import { readFileSync } from "node:fs";

const LENGTH = 200_000;
const PIECES = [
  ..."\n \r\t aA1-._/'\"`*[(<&#>:;,|~@\0\u{e9}\u{2014}",
  "too_",
  "insert",
  "a ",
  "a\n",
  " \n",
  "\r\n",
  "a-",
  "a.",
  "1.",
  "%(",
  "\u{1f642}",
  "\ud800",
  "\u0301\u0323"
];

/** @param {string} literal */
const patternOf = (literal) => {
  const end = literal.lastIndexOf("/");
  const flags = literal.slice(end + 1);
  return new RegExp(literal.slice(1, end), flags.includes("g") ? flags : `${flags}g`);
};

/** @type {string[]} */
const literals = JSON.parse(readFileSync(0, "utf8"));
for (const literal of literals) {
  process.stdout.write(`${JSON.stringify(literal)}\n`);
  const pattern = patternOf(literal);
  let longest = 0;
  for (const piece of PIECES) {
    const text = `${piece.repeat(LENGTH / piece.length)}\x01`;
    const before = process.cpuUsage().user;
    text.replace(pattern, "");
    longest = Math.max(longest, (process.cpuUsage().user - before) / 1000);
  }
  process.stdout.write(`${longest}\n`);
}
