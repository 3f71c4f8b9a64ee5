// @ts-check
/** @import { Visit } from "./types.js" */

/** The origin of this script, to which the log is sent. */
export const server = new URL(import.meta.url).origin;

/** @param {string} name */
export const address = (name) => `${server}/api/worker/${name}`;

/**
 * @param {string} name
 * @param {object} body
 * @returns {Promise<any>}
 * @throws with a message for the page's author
 */
const post = async (name, body) => {
  let response;
  try {
    response = await fetch(address(name), {
      method: "POST",
      body: JSON.stringify({ v: 1, ...body }),
      signal: AbortSignal.timeout?.(10_000)
    });
  } catch {
    throw new Error(
      `No answer from ${server}. If it runs, it may not allow pages of ${location.origin}: KEYTRAIL_EMBED_ORIGINS must name it.`
    );
  }
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error?.message ?? `The server answered ${response.status}.`);
  return answer;
};

/**
 * Asks the server what to do for this visitor.
 *
 * @param {{ study: string, item: string | null, query: Record<string, string>, consent: boolean }} visit
 * @returns {Promise<Visit>}
 */
export const ask = (visit) => post("visit", visit);

/** Deletes this ticket's session. @param {string} ticket @returns {Promise<void>} */
export const deleteSession = (ticket) => post("withdrawal", { ticket });
