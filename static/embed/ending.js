// @ts-check
import { followBox } from "../worker/follow.js";
import { deliver } from "../worker/submission.js";
import { offerToStop } from "./consent.js";
import { address, deleteSession } from "./server.js";

/** The most time for sending the log's end; afterwards the text is submitted without it. */
const LOG_MS = 10_000;
/** The most time for all pauses between tries to submit the text; the page must continue. */
const PATIENCE_S = 15;

/** @param {number} ms @returns {Promise<void>} */
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The end of a recording: submission or withdrawal. */
export class Ending {
  /** @type {Promise<string> | undefined} */
  #receipt;
  #waited = 0;

  /** @param {HTMLElement} box @param {string} ticket @param {import("./recording.js").Recording} recording */
  constructor(box, ticket, recording) {
    /** What stands in the page now. */
    this.text = () => recording.text;
    this.ticket = ticket;
    this.recording = recording;
    const offer = offerToStop(box, () => this.withdraw());
    this.removeOffer = offer.remove;
    // A page that recreates its boxes needs the new one: it stays, without recording.
    this.unfollow = followBox(box, { most: 0, lost: (copy) => this.#lose(copy, offer.say) });
  }

  /** @param {HTMLTextAreaElement | null} copy @param {(words: string, after: Element | null) => void} say */
  #lose(copy, say) {
    const words =
      "The answer box of this page was replaced while recording. What is written into the new one is not recorded.";
    console.warn("Keytrail:", words);
    say(words, copy);
    this.recording.stop();
    if (copy) this.text = () => copy.value;
  }

  /** Submit once; again only if it failed. @returns {Promise<string>} */
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
    this.recording.stop();
    this.#receipt = Promise.resolve("");
  }

  async #handIn() {
    this.#waited = 0;
    const { events, sent } = this.recording.submit();
    await Promise.race([sent, wait(LOG_MS)]);
    const submission = { v: /** @type {const} */ (1), ticket: this.ticket, text: this.text(), comment: "", events };
    const { receipt } = await deliver(address("submission"), submission, (seconds) => this.#pause(seconds));
    this.unfollow();
    this.recording.stop();
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
