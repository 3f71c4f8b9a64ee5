// @ts-check
/** @import { Options, Trail, Visit } from "./types.js" */
import { record } from "../recorder/recorder.js";
import { catchUp } from "../worker/draft.js";
import { followBox } from "../worker/follow.js";
import { deliver } from "../worker/submission.js";
import { askForConsent, offerToStop } from "./consent.js";
import { carryReceipt } from "./form.js";
import { address, ask, deleteSession } from "./server.js";

/** Maximum wait for the end of the log; then the text is submitted without it. */
const LOG_MS = 10_000;
/** Total pauses between attempts to submit. The page must continue. */
const PATIENCE_S = 15;

/** @param {number} ms @returns {Promise<void>} */
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @template {Element} Found @param {Found | string | null | undefined} place @returns {Found | null} */
const find = (place) => (typeof place === "string" ? document.querySelector(place) : (place ?? null));

/** Ends a recording by submission or withdrawal. */
class Ending {
  /** @type {Promise<string> | undefined} */
  #receipt;
  #waited = 0;

  /** @param {HTMLTextAreaElement} box @param {string} ticket @param {ReturnType<typeof record>} recorder */
  constructor(box, ticket, recorder) {
    this.box = box;
    this.ticket = ticket;
    this.recorder = recorder;
    const offer = offerToStop(box, () => this.withdraw());
    this.removeOffer = offer.remove;
    // A page that recreates its boxes needs the new one: it stays, but is not recorded.
    this.unfollow = followBox(box, { most: 0, lost: (copy) => this.#lose(copy, offer.say) });
  }

  /** @param {HTMLTextAreaElement | null} copy @param {(words: string, after: Element | null) => void} say */
  #lose(copy, say) {
    const words = "The answer box of this page was replaced while recording. What is written into the new one is not recorded.";
    console.warn("Keytrail:", words);
    say(words, copy);
    this.recorder.stop();
    this.box = copy ?? this.box;
  }

  /** Once; again only if it failed. @returns {Promise<string>} */
  finish() {
    this.#receipt ??= this.#handIn().catch((error) => {
      this.#receipt = undefined;
      throw error;
    });
    return this.#receipt;
  }

  async withdraw() {
    await deleteSession(this.ticket);
    this.unfollow();
    this.recorder.stop();
    this.#receipt = Promise.resolve("");
  }

  async #handIn() {
    this.#waited = 0;
    const { events, sent } = this.recorder.submit();
    await Promise.race([sent, wait(LOG_MS)]);
    const submission = { v: /** @type {const} */ (1), ticket: this.ticket, text: this.box.value, comment: "", events };
    const { receipt } = await deliver(address("submission"), submission, (seconds) => this.#pause(seconds));
    this.unfollow();
    this.recorder.stop();
    this.removeOffer();
    return receipt;
  }

  /** @param {number} seconds */
  #pause(seconds) {
    this.#waited += seconds;
    if (this.#waited > PATIENCE_S) throw new Error("The server does not answer; the text went without a receipt.");
    return wait(seconds * 1000);
  }
}

/** @param {HTMLTextAreaElement} box @param {Visit} visit @param {Options} options */
const start = async (box, { ticket, page_load: pageLoad, item }, { source, instructions, onStatus }) => {
  const text = find(source);
  if (text && item && !text.textContent?.trim()) text.textContent = item.text;
  if (pageLoad) await catchUp(box, address("draft"), ticket);
  const draft = pageLoad > 0 && box.defaultValue > "";
  return record({ box, source: text, instructions: find(instructions), ticket, url: address("events"), draft, onStatus });
};

/** @param {HTMLTextAreaElement} box @param {Options} options @returns {Promise<Visit>} */
const arrive = async (box, { study, item, query = location.search, consent }) => {
  const wanted = { study, item: item ?? null, query: Object.fromEntries(new URLSearchParams(query)) };
  const visit = await ask({ ...wanted, consent: consent === "given" });
  if (visit.state !== "consent" || !(await askForConsent(box, visit.consent))) return visit;
  return ask({ ...wanted, consent: true });
};

/**
 * Records an answer box of this page. The box is read-only until consent.
 *
 * @param {Options} options
 * @returns {Promise<Trail>}
 * @throws with a message that says what to change; the box then works without recording
 */
export const attachTo = async (options) => {
  const box = /** @type {HTMLTextAreaElement | null} */ (find(options.box));
  if (!(box instanceof HTMLTextAreaElement)) throw new Error(`There is no <textarea> at ${options.box}.`);
  const { readOnly } = box;
  box.readOnly = true;
  try {
    const visit = await arrive(box, options);
    const { state, item } = visit;
    let finish = async () => visit.receipt;
    if (state === "open") {
      const ending = new Ending(box, visit.ticket, await start(box, visit, options));
      finish = () => ending.finish();
    }
    if (state === "open" || state === "submitted") carryReceipt(box, options.field ?? "receipt", finish);
    return { state: state === "consent" ? "declined" : state, item, finish };
  } finally {
    box.readOnly = readOnly;
  }
};
