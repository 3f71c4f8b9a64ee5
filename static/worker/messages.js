// @ts-check

/**
 * What the page's script says, in the page's language (keytrail/worker/script_messages.py).
 *
 * @typedef {Record<string, string> & { length: Record<string, string> }} Messages
 */

/** They come with the page. @returns {Messages} */
export const readMessages = () => JSON.parse(document.getElementById("messages")?.textContent ?? "{}");

/** Puts values into a message's `%(name)s`. @param {string} text @param {Record<string, string | number>} values */
export const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (all, name) => String(values[name] ?? all));
