// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { compareKeys, sortKey } from "../../static/dashboard/sorting.js";

/** @param {string} textContent @param {string} [moment] @param {string} [key] @returns {any} */
const cell = (textContent, moment, key) => ({
  textContent,
  getAttribute: () => key ?? null,
  querySelector: () => (moment ? { getAttribute: () => moment } : null)
});

test("cells sort by their moment, their number or their words", () => {
  assert.equal(sortKey(cell("5 May", "2026-05-05T10:00:00Z")), Date.UTC(2026, 4, 5, 10));
  assert.equal(sortKey(cell(" 1,204 ")), 1204);
  assert.equal(sortKey(cell("< 1\u00a0%")), 1);
  assert.equal(sortKey(cell("−31 points (−62 to +4)")), -31);
  assert.equal(sortKey(cell("17 of 30")), 17);
  assert.equal(sortKey(cell("Night Light")), "night light");
  assert.equal(sortKey(cell("4vs5lxuh4qst")), "4vs5lxuh4qst");
  assert.equal(sortKey(cell("32u")), "32u");
  assert.equal(sortKey(cell("waits since 5 May", "2026-05-05T10:00:00Z", "2")), 2);
  assert.equal(sortKey(undefined), "");
});

test("numbers come before words, and both in their own order", () => {
  const keys = ["b", 10, "a", 9, -1];
  assert.deepEqual(keys.sort(compareKeys), [-1, 9, 10, "a", "b"]);
});
