// @ts-check
/**
 * The form in which the server sends our JavaScript (see docs/recorder.md): an entry module with the modules of its own folder
 * folded in, without comments and without the blanks that mean nothing. The sources keep to conventions.test.js for its sake.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const IMPORT = /^import \{[^}]*\} from "\.\/([\w-]+\.js)";\n/gm;
const TOKEN =
  /("(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|\/\/[^\n]*|\/\*[^]*?\*\/|(?<=[^+-]) ([+-]) (?=[^+-])|\s*([{}()[\];,:?=<>&|!*%^~])\s*|(\s+)/g;

/** @param {string} source */
export const squeeze = (source) => {
  const once = (/** @type {string} */ text) => text.replace(TOKEN, (_, kept, sum, mark, blank) => kept ?? sum ?? mark ?? (blank ? " " : ""));
  return once(once(source)).trim();
};

/** @param {string} entry  path of a module */
export const fold = (entry) => {
  /** @type {Set<string>} */
  const done = new Set();
  /** @type {(path: string) => string} */
  const module = (path) => {
    if (done.has(path)) return "";
    done.add(path);
    const source = readFileSync(path, "utf8");
    const needed = [...source.matchAll(IMPORT)].map(([, name]) => module(join(dirname(path), String(name))));
    const own = source.replace(IMPORT, "");
    return needed.join("") + (path === entry ? own : own.replace(/^export (?=const|class)/gm, ""));
  };
  return module(entry);
};
