// @ts-check

/**
 * @typedef {{ said: string, button: string }} Words  what the page says, in the words of the place that the worker came from
 * @typedef {{ copy?: string }} Copy  the address of the worker's own copy, where the study offers one
 * @typedef {{ kind: "post", url: string, fields: Record<string, string> } & Words
 *   | { kind: "ask", url: string, fields: Record<string, string> } | { kind: "redirect", url: string } & Words
 *   | { kind: "code", code: string, url: string | null } & Words | { kind: "done" } & Words} Finish
 * @typedef {{ receipt: string, finish: Finish & Copy }} Receipt
 * @typedef {{ v: 1, ticket: string, text: string, comment: string, events: number | null, text_origins?: string[], input_aids?: boolean }} Submission
 */

/** The server refused; another attempt would get the same answer. Its `cause` is the error's code. */
export class Refused extends Error {}

/** The server answers, but this page may not read what: it has no origin, and something on the way took the answer's permission. */
export class Unreadable extends Error {}

/** What can pass by itself: no answer, a busy server, a proxy without one. @param {number} status */
const passes = (status) => status === 0 || status === 404 || status === 408 || status === 429 || status >= 500;

/** @param {string} url @param {string} body @returns {Promise<{ status: number, answer: any, failed?: boolean }>} */
const post = async (url, body) => {
  let response;
  try {
    const signal = AbortSignal.timeout?.(30_000);
    response = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body, signal });
    return { status: response.status, answer: await response.json() };
  } catch {
    return { status: 0, answer: undefined, failed: !response };
  }
};

/** Whether there is an answer that a page of another origin may not read; a browser tells that apart from none only when asked so. @param {string} url */
const answersUnread = async (url) => {
  try {
    return (await fetch(url, { mode: "no-cors", signal: AbortSignal.timeout?.(10_000) })).type === "opaque";
  } catch {
    return false;
  }
};

/**
 * Posts the answer until the server has stored it. A repeated post is the same submission, with the same receipt.
 *
 * @param {string} url
 * @param {Submission} submission
 * @param {(seconds: number) => Promise<void>} pause  waits before the next attempt, and shows it
 * @returns {Promise<Receipt>}
 * @throws {Refused} with the server's message
 * @throws {Unreadable} if answers come, twice, and cannot be read
 */
export const deliver = async (url, submission, pause) => {
  const body = JSON.stringify(submission);
  for (let failures = 0; ; failures++) {
    const { status, answer, failed } = await post(url, body);
    if (status >= 200 && status < 300 && answer?.finish) return answer;
    if (!passes(status) && status >= 400)
      throw new Refused(answer?.error?.message ?? `The server answered ${status}.`, { cause: answer?.error?.code });
    if (failed && failures && (await answersUnread(url)))
      throw new Unreadable("The answers of the server cannot be read on this page.");
    await pause(Math.min(30, 2 ** failures));
  }
};
