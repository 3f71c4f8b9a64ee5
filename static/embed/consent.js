// @ts-check

/** @param {string} text @param {() => void} choose */
const choice = (text, choose) => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.style.cssText = "font: inherit; padding: .3em .8em; margin: 0 .5em .3em 0";
  button.addEventListener("click", choose);
  return button;
};

/** @param {string} name @param {string} style */
const panel = (name, style) => {
  const found = document.createElement("div");
  found.className = name;
  found.style.cssText = style;
  return found;
};

const BEFORE = "How the text that stands in the box already was written is not known. ";
/** The most time without a word on why nothing can be written. */
const SILENT_MS = 500;

/** Whether something stands in the box. @param {HTMLElement} box */
const isWritten = (box) => !!(box instanceof HTMLTextAreaElement ? box.value : box.textContent)?.trim();

/** Lets nobody write in the box. @param {HTMLElement} box @returns {() => void}  lets them again */
const lock = (box) => {
  const name = box instanceof HTMLTextAreaElement ? "readOnly" : "inert";
  const field = /** @type {Record<typeof name, boolean>} */ (/** @type {unknown} */ (box));
  const before = field[name];
  field[name] = true;
  return () => {
    field[name] = before;
  };
};

/**
 * Lets nobody write in the box before it is known whether the person has to be asked, and says so after a moment.
 *
 * @param {HTMLElement} box
 * @returns {() => void}  lets them again
 */
export const holdBox = (box) => {
  const unlock = lock(box);
  const saying = panel("keytrail-wait", "margin: .3em 0; font-size: smaller");
  saying.setAttribute("role", "status");
  const timer = setTimeout(() => {
    saying.textContent = "One moment: before you write, this page asks whether your writing may be recorded.";
    box.before(saying);
  }, SILENT_MS);
  return () => {
    clearTimeout(timer);
    saying.remove();
    unlock();
  };
};

/**
 * Asks for consent above the answer box, which is read-only until the person has chosen. It inherits the page's style; style it by its class.
 *
 * @param {HTMLElement} box
 * @param {string} text  the study's consent as HTML, made safe by the server
 * @returns {Promise<boolean>}
 */
export const askForConsent = (box, text) =>
  new Promise((resolve) => {
    const asking = panel(
      "keytrail-consent",
      "border: 1px solid; border-radius: .3em; padding: .2em 1em; margin: .5em 0; text-align: start"
    );
    asking.setAttribute("role", "group");
    asking.setAttribute("aria-label", "Before you begin");
    const words = document.createElement("div");
    words.innerHTML = text;
    const promise = document.createElement("p");
    promise.textContent = `Nothing is recorded before you agree. ${isWritten(box) ? BEFORE : ""}You can answer without agreeing, too.`;
    const unlock = lock(box);
    /** @param {boolean} agreed */
    const close = (agreed) => {
      asking.remove();
      unlock();
      resolve(agreed);
    };
    asking.append(
      words,
      promise,
      choice("I agree", () => close(true)),
      choice("I do not agree", () => close(false))
    );
    box.before(asking);
  });

/**
 * Offers to withdraw at any time: recorded data is deleted, and the text stays in the box.
 *
 * @param {HTMLElement} box
 * @param {() => Promise<void>} withdraw
 * @returns {{ remove: () => void, say: (words: string, after: Element | null) => void }}  remove the offer, or show a message beside it
 */
export const offerToStop = (box, withdraw) => {
  const offer = panel("keytrail-stop", "margin: .3em 0; font-size: smaller");
  const stop = choice("Stop recording and delete what was recorded", async () => {
    stop.disabled = true;
    try {
      await withdraw();
      offer.textContent =
        "Nothing is recorded any more, and what was recorded is deleted. You can still send your answer.";
    } catch {
      stop.disabled = false;
      stop.textContent = "That did not work yet. Stop recording and delete what was recorded";
    }
  });
  offer.setAttribute("role", "status");
  offer.append(stop);
  box.after(offer);
  const say = (/** @type {string} */ words, /** @type {Element | null} */ after) => {
    offer.prepend(words, document.createElement("br"));
    after?.after(offer);
  };
  return { remove: () => offer.remove(), say };
};
