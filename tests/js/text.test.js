// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { diff, flags, hash } from "../../static/recorder/text.js";
import { random } from "./random.js";

/** @param {string} text @param {[number, number, string]} edit */
const apply = (text, [pos, del, ins]) => text.slice(0, pos) + ins + text.slice(pos + del);

test("the hash is FNV-1a over whole UTF-16 units", () => {
  // The first three are the published 32-bit vectors: for ASCII a unit is an octet.
  assert.deepEqual(hash(""), [0, 0x811c9dc5]);
  assert.deepEqual(hash("a"), [1, 0xe40c292c]);
  assert.deepEqual(hash("foobar"), [6, 0xbf9cf968]);
  const unit = Math.imul(2166136261 ^ 0x20ac, 16777619) >>> 0;
  assert.deepEqual(hash("€"), [1, unit]);
  assert.equal(hash("\ud83d\ude00")[0], 2);
  assert.notDeepEqual(hash("\ud83d"), hash("\ud83c"));
});

test("flags add up in the order of the wire format", () => {
  assert.equal(flags(), 0);
  assert.equal(flags(true, false, 1, ""), 5);
  assert.equal(flags(undefined, null, 0, false, "differs"), 16);
});

test("the caret tells repeated letters apart", () => {
  assert.deepEqual(diff("aa", "aaa", 1), [0, 0, "a"]);
  assert.deepEqual(diff("aa", "aaa", 2), [1, 0, "a"]);
  assert.deepEqual(diff("aa", "aaa", 3), [2, 0, "a"]);
  assert.deepEqual(diff("aaa", "aa", 0), [0, 1, ""]);
  assert.deepEqual(diff("aaa", "aa", 2), [2, 1, ""]);
  assert.deepEqual(diff("abcabc", "abcabcabc", 3), [0, 0, "abc"]);
});

test("a change away from the caret is found all the same", () => {
  assert.deepEqual(diff("one two three", "one 2 three", 11), [4, 3, "2"]);
  assert.deepEqual(diff("one two three", "one 2 three", 0), [4, 3, "2"]);
  assert.deepEqual(diff("", "text", 4), [0, 0, "text"]);
  assert.deepEqual(diff("text", "", 0), [0, 4, ""]);
});

test("a caret that the browser left behind the end of the text changes nothing", () => {
  assert.deepEqual(diff("text", "", 4), [0, 4, ""]);
  assert.deepEqual(diff("one two three", "one 2", 17), [4, 9, "2"]);
});

test("what replaced a selection replaced all of it", () => {
  assert.deepEqual(diff("xab", "xa", 2, 1, 3), [1, 2, "a"]);
  assert.deepEqual(diff("xcab", "xb", 2, 1, 4), [1, 3, "b"]);
  assert.deepEqual(diff("one two", "one twice", 9, 4, 7), [4, 3, "twice"]);
});

test("an edit script of any kind replays to the value", () => {
  const { below, pick, text } = random(20260101);
  for (let round = 0; round < 400; round++) {
    let before = text(30);
    for (let step = 0; step < 25; step++) {
      const pos = below(before.length + 1);
      const end = Math.min(before.length, pos + pick([0, 0, 0, 1, 2, below(12)]));
      const ins = pick(["", pick(["a", "b", "\ud83d\ude00", "\ud83d", "\ude01", "\n"]), text(9)]);
      const after = before.slice(0, pos) + ins + before.slice(end);
      const caret = pick([pos + ins.length, pos, after.length, 0, below(after.length + 9)]);
      assert.equal(apply(before, diff(before, after, caret)), after);
      assert.equal(apply(before, diff(before, after, caret, pos, end)), after);
      // With the true caret a pure insertion or deletion comes out exactly as it was made.
      const made = [pos, end - pos, ins];
      if (before !== after && (pos === end || !ins)) assert.deepEqual(diff(before, after, pos + ins.length), made);
      // With the true selection every edit does.
      if (before !== after) assert.deepEqual(diff(before, after, pos + ins.length, pos, end), made);
      before = after;
    }
  }
});
