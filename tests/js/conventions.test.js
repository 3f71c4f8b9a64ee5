// @ts-check
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const FOLDERS = ["recorder", "worker", "embed"].map((name) => new URL(`../../static/${name}/`, import.meta.url));

/** @param {URL} folder */
const modulesOf = (folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".js"))
    .map((name) => ({ name, source: readFileSync(new URL(name, folder), "utf8") }));

const MODULES = FOLDERS.flatMap(modulesOf);

for (const { name, source } of MODULES) {
  test(`${name} can be sent without comments and blanks`, () => {
    const code = source.replace(/\/\*[^]*?\*\//g, "").replace(/(^|\s)\/\/[^\n]*/g, "$1");
    assert.match(source, /^\/\/ @ts-check\n/);
    assert.ok(source.split("\n").length <= 200, "at most 200 lines");
    assert.ok(!code.includes("'"), "no single quotes");
    for (const [regex] of code.matchAll(/(?<=[(,=] ?)\/[^/\n]+\/[a-z]*/g))
      assert.doesNotMatch(regex, /[\s"'`]/, "regular expressions");
    for (const [line] of code.matchAll(/^(?:import|export)\b.*$/gm)) {
      assert.match(line, /^(?:import \{[^}]*\} from "[^"]+";|export (?:const|class) )/, "imports and exports by name");
    }
  });
}

/** What a module declares at its top level, or takes from another folder. @param {string} source */
const topLevelNames = (source) => [
  ...[...source.matchAll(/^(?:export )?(?:const|let|class) (\w+)/gm)].map(([, name]) => name),
  ...[
    ...source.matchAll(/^(?:const|let) [{[](.*?)[}\]] =/gm),
    ...source.matchAll(/^import \{(.*?)\} from "\.\.\//gm)
  ].flatMap(([, names = ""]) => names.match(/\w+(?=\s*(?:,|=|$))/g) ?? [])
];

for (const folder of FOLDERS) {
  test(`no top-level name stands twice in ${folder.pathname.split("/").at(-2)}, where modules are folded into one`, () => {
    const names = modulesOf(folder).flatMap(({ source }) => topLevelNames(source));
    assert.ok(names.length > 5);
    assert.deepEqual(
      names.filter((name, at) => names.indexOf(name) !== at),
      []
    );
  });
}
