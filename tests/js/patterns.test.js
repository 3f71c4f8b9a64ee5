// @ts-check
// Regular expressions in our scripts see what people type and paste: none may take more than linear time.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const LENGTH = 200_000;
const PIECES = ["\n", " ", "\r", "\t", "a", "1", "-", ".", "'", "too_", "insert", "a ", "a\n", "\u{1f642}", "\ud800"];
// Quadratic ones take minutes; a busy machine makes a linear one slow, but not that slow. Processor time, in ms.
const BOUND_MS = 4000;

/** @returns {[string, string][]} every literal with the file it stands in */
function patterns() {
  const files = readdirSync(new URL("../../static/", import.meta.url), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js"));
  return files.flatMap((name) =>
    [...readFileSync(new URL(`../../static/${name}`, import.meta.url), "utf8").matchAll(/[(=,:&|!?]\s*(\/(?![/*])(?:[^\\/\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[dgimsuvy]*)/g)].map(
      (found) => /** @type {[string, string]} */ ([name, found[1]]),
    ),
  );
}

test("every regular expression of a script takes linear time", () => {
  const found = patterns();
  assert.ok(found.length >= 5, "the patterns are not found any more");
  for (const [name, literal] of found) {
    const end = literal.lastIndexOf("/");
    const flags = literal.slice(end + 1);
    const pattern = new RegExp(literal.slice(1, end), flags.includes("g") ? flags : `${flags}g`);
    for (const piece of PIECES) {
      const before = process.cpuUsage().user;
      `${piece.repeat(LENGTH / piece.length)}\x01`.replace(pattern, "");
      const spent = (process.cpuUsage().user - before) / 1000;
      assert.ok(spent < BOUND_MS, `${literal} in ${name} took ${spent} ms on ${JSON.stringify(piece)}`);
    }
  }
});
