// @ts-check

/**
 * @typedef {{ said: string, button: string }} Words  the page's texts, worded for the worker's platform
 * @typedef {{ kind: "post", url: string, fields: Record<string, string> } & Words
 *   | { kind: "ask", url: string, fields: Record<string, string> } | { kind: "redirect", url: string } & Words
 *   | { kind: "code", code: string, url: string | null } & Words | { kind: "done" }} Finish
 * @typedef {{ receipt: string, finish: Finish }} Receipt
 * @typedef {{ v: 1, ticket: string, text: string, comment: string, events: number | null }} Submission
 */

/** The server refused; another attempt would get the same answer. Its `cause` is the error's code. */
export class Refused extends Error {}

/** Temporary failures: no answer, a busy server, a proxy without one. @param {number} status */
const passes = (status) => status === 0 || status === 404 || status === 408 || status === 429 || status >= 500;

/** @param {string} url @param {string} body @returns {Promise<{ status: number, answer: any }>} */
const post = async (url, body) => {
  try {
    const signal = AbortSignal.timeout?.(30_000);
    const response = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body, signal });
    return { status: response.status, answer: await response.json() };
  } catch {
    return { status: 0, answer: undefined };
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
 */
export const deliver = async (url, submission, pause) => {
  const body = JSON.stringify(submission);
  for (let failures = 0; ; failures++) {
    const { status, answer } = await post(url, body);
    if (status >= 200 && status < 300 && answer?.finish) return answer;
    if (!passes(status) && status >= 400) throw new Refused(answer?.error?.message ?? `The server answered ${status}.`, { cause: answer?.error?.code });
    await pause(Math.min(30, 2 ** failures));
  }
};
