// @ts-check
// Regular expressions in our scripts see what people type and paste: none may take more than linear time.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const CHILD = fileURLToPath(new URL("trying.js", import.meta.url));
// Quadratic ones take minutes; a busy machine makes a linear one slow, but not that slow. Processor time, in ms.
const BOUND_MS = 4000;
// The child process ends after this time, also within an expression that never ends.
const PATIENCE_MS = 120_000;

/** @param {string} source @returns {string[]} the literals of a script */
const literalsIn = (source) =>
  [
    ...source.matchAll(
      /(?:[(=,:&|!?>[{};]|\breturn)\s*(\/(?![/*])(?:[^\\/\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[dgimsuvy]*)(?=[\s.,;)\]}])/g
    )
  ].map((found) => String(found[1]));

/** @returns {Map<string, string>} every literal with a file in which it stands */
const patterns = () => {
  const root = new URL("../../static/", import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js"));
  return new Map(
    files.flatMap((name) =>
      literalsIn(readFileSync(new URL(name, root), "utf8")).map((literal) => /** @type {const} */ ([literal, name]))
    )
  );
};

/** @param {string[]} literals @param {number} [patience] @returns {[string, number][]} those that took too long, with the time in ms */
const slowOf = (literals, patience = PATIENCE_MS) => {
  const child = spawnSync(process.execPath, [CHILD], {
    input: JSON.stringify(literals),
    encoding: "utf8",
    timeout: patience
  });
  assert.equal(child.stderr, "");
  const lines = child.stdout.trim().split("\n");
  return literals.flatMap((literal, at) => {
    const spent = at * 2 + 1 < lines.length ? Number(lines[at * 2 + 1]) : at * 2 < lines.length ? patience : 0;
    return spent < BOUND_MS ? [] : [/** @type {[string, number]} */ ([literal, spent])];
  });
};

test("every regular expression of a script takes linear time", () => {
  const found = patterns();
  assert.ok(found.size >= 5, "the patterns are not found any more");
  const slow = slowOf([...found.keys()]);
  assert.deepEqual(
    slow.map(([literal, spent]) => `${literal} in ${found.get(literal)}: ${spent} ms`),
    []
  );
});

test("an expression that takes quadratic time or longer is named", () => {
  assert.deepEqual(slowOf(["/a/", "/(a+)+b/"], 6_000), [["/(a+)+b/", 6_000]]);
});

test("literals are found wherever an expression may stand", () => {
  const source = "x.replace(/a/g, y); const b = /[/]b/; f = (t) => /c/.test(t); return /d/u.exec(t); // e /f/ g";
  assert.deepEqual(literalsIn(source), ["/a/g", "/[/]b/", "/c/", "/d/u"]);
});
