// @ts-check
/** @import { Options, Trail } from "./types.js" */
import { attachTo } from "./attach.js";
import { server } from "./server.js";

/** @type {Promise<Trail | undefined> | undefined} */
let latest;

/**
 * Records an answer box of this page.
 *
 * @param {Options} options
 * @returns {Promise<Trail>}
 */
export const attach = (options) => {
  const trail = attachTo(options);
  latest = trail.catch(() => undefined);
  return trail;
};

/** Submits the text that was recorded last; returns its receipt, or nothing if none was recorded. @returns {Promise<string>} */
export const finish = async () => (await latest)?.finish() ?? "";

Object.assign(self, { keytrail: { attach, finish } });

/** The page's one line, which names the study and the box. */
const line = [
  .../** @type {NodeListOf<HTMLScriptElement>} */ (document.querySelectorAll("script[data-study][src]"))
].find(({ src }) => src.startsWith(`${server}/static/embed.js`));
if (line) {
  const { study = "", box = "textarea", item, source, instructions, consent, field } = line.dataset;
  attach({ study, box, item, source, instructions, consent: consent === "given" ? consent : "ask", field }).catch(
    (error) => console.error("Keytrail records nothing on this page.", error.message)
  );
}
