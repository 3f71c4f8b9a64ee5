// @ts-check
/** @import { Options, Trail, Visit } from "./types.js" */
import { findBox } from "./box.js";
import { askForConsent, holdBox } from "./consent.js";
import { Ending } from "./ending.js";
import { carryReceipt } from "./form.js";
import { Recording } from "./recording.js";
import { ask } from "./server.js";

/** @template {Element} Found @param {Found | string | null | undefined} place @returns {Found | null} */
const find = (place) => (typeof place === "string" ? document.querySelector(place) : (place ?? null));

/** The server's answer; for an open visit, what records it. @typedef {{ visit: Visit, recording: Recording | undefined }} Arrival */

/**
 * Without consent nothing is recorded, not even in memory, and nobody writes what would then count as there before.
 *
 * @param {HTMLElement} element
 * @param {Options} options
 * @param {boolean} consent  the person has agreed
 * @returns {Promise<Arrival>}
 */
const arrive = async (element, { study, item, query = location.search, source, instructions, onStatus }, consent) => {
  const start = () => new Recording({ element, source: find(source), instructions: find(instructions), onStatus });
  const early = consent ? start() : undefined;
  const release = early ? undefined : holdBox(element);
  try {
    const visit = await ask({
      study,
      item: item ?? null,
      query: Object.fromEntries(new URLSearchParams(query)),
      consent
    });
    if (visit.state === "open") return { visit, recording: early ?? start() };
    early?.stop();
    return { visit, recording: undefined };
  } catch (error) {
    early?.stop();
    throw error;
  } finally {
    release?.();
  }
};

/** @param {HTMLElement} box @param {Options} options @param {Arrival} arrival @returns {Promise<Trail>} */
const goOn = async (box, options, { visit, recording }) => {
  const { state, item, ticket } = visit;
  if (state !== "open" || !recording)
    return { state: state === "consent" ? "declined" : state, item, finish: async () => visit.receipt };
  const source = find(options.source);
  if (source && item && !source.textContent?.trim()) source.textContent = item.text;
  const ending = new Ending(box, ticket, recording);
  await recording.admit(ticket, visit.page_load > 0);
  return { state, item, finish: () => ending.finish() };
};

/**
 * Records the writing in an answer box of this page. Whoever has agreed may write at once: the log waits in the page's memory for
 * the server's answer, and is dropped if it may not be sent. Before that the box is read-only and nothing is recorded.
 *
 * @param {Options} options
 * @returns {Promise<Trail>}
 * @throws with a message that says what to change; the box then works without recording
 */
export const attachTo = async (options) => {
  const box = await findBox(options.box);

  /** What a form that is sent now waits for: the server, but never the person's choice. @type {Promise<Trail | undefined> | undefined} */
  let waiting;
  carryReceipt(box, options.field ?? "receipt", () => waiting?.then((trail) => trail?.finish()));

  /** @param {boolean} consent */
  const begin = async (consent) => {
    const arriving = arrive(box, options, consent);
    const trail = arriving.then((arrival) => goOn(box, options, arrival));
    const withReceipt = trail.then((found) =>
      found.state === "open" || found.state === "submitted" ? found : undefined
    );
    waiting = withReceipt.catch(() => undefined);
    if (!(await waiting)) waiting = undefined;
    return { trail: await trail, ...(await arriving).visit };
  };

  const { state, consent, trail } = await begin(options.consent === "given");
  return state === "consent" && (await askForConsent(box, consent)) ? (await begin(true)).trail : trail;
};
