// @ts-check

/**
 * Messages of the page's script, in the page's language (keytrail/worker/script_messages.py).
 *
 * @typedef {Record<string, string> & { length: Record<string, string> }} Messages
 */

/** Read them from the page. @returns {Messages} */
export const readMessages = () => JSON.parse(document.getElementById("messages")?.textContent ?? "{}");

/** Replace a message's `%(name)s` by values. @param {string} text @param {Record<string, string | number>} values */
export const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (all, name) => String(values[name] ?? all));
