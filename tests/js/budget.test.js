// @ts-check
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { fold, squeeze } from "./fold.js";

const STATIC = new URL("../../static/", import.meta.url).pathname;
const RECORDER = join(STATIC, "recorder/recorder.js");
const TASK = join(STATIC, "worker/task.js");

/** @param {string} text */
const compressed = (text) => gzipSync(text, { level: 9 }).length;

test("the recorder has at most 4 kB compressed, all its modules together", (t) => {
  const size = compressed(squeeze(fold(RECORDER)));
  t.diagnostic(`recorder: ${size} bytes compressed`);
  assert.ok(size <= 4096, `${size} bytes`);
});

test("what the worker's page loads beside its HTML stays under 12 kB compressed", (t) => {
  const css = readFileSync(join(STATIC, "worker/task.css"), "utf8");
  const size = compressed(squeeze(fold(RECORDER))) + compressed(squeeze(fold(TASK))) + compressed(css);
  t.diagnostic(`scripts and style: ${size} bytes compressed`);
  assert.ok(size <= 12_000, `${size} bytes`);
});

test("the folded form is a module with the same exports", async () => {
  const folder = mkdtempSync(join(tmpdir(), "keytrail-"));
  try {
    for (const [name, entry] of [["recorder.mjs", RECORDER], ["task.mjs", TASK]]) {
      const path = join(folder, String(name));
      writeFileSync(path, squeeze(fold(String(entry))));
      execFileSync(process.execPath, ["--check", path]); // two modules with one top-level name would end here
    }
    const module = await import(join(folder, "recorder.mjs"));
    assert.deepEqual(Object.keys(module), ["record"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("every module of the recorder is part of it", () => {
  const folded = fold(RECORDER);
  for (const name of readdirSync(join(STATIC, "recorder")).filter((file) => file.endsWith(".js"))) {
    const exported = [...readFileSync(join(STATIC, "recorder", name), "utf8").matchAll(/^export const (\w+)/gm)];
    for (const [, symbol] of exported) assert.match(folded, new RegExp(`^(export )?const ${symbol}\\b`, "m"));
  }
});
