// @ts-check

/** Errors that the person can correct: the text is too short or too long. @param {unknown} error */
const canMend = (error) => error instanceof Error && /^too_(short|long)$/.test(`${error.cause}`);

/** Says at the box what is wrong with the text; no words take it back. @param {HTMLElement} box @param {string} words */
const complain = (box, words) => {
  if (box instanceof HTMLTextAreaElement) {
    box.setCustomValidity(words);
    return void (words && box.reportValidity());
  }
  const shown = box.parentElement?.querySelector(":scope > .keytrail-problem");
  if (!words) return shown?.remove();
  const problem = shown ?? document.createElement("p");
  problem.className = "keytrail-problem";
  problem.setAttribute("role", "alert");
  problem.textContent = words;
  box.after(problem);
};

/**
 * Submits the text when the page's own form is submitted, and adds the receipt. Whatever happens here, the form is submitted.
 *
 * @param {HTMLElement} box
 * @param {string} name  of the hidden field
 * @param {() => Promise<string | undefined> | undefined} finish  gives nothing if this form goes without a receipt
 */
export const carryReceipt = (box, name, finish) => {
  const form = box instanceof HTMLTextAreaElement ? box.form : box.closest("form");
  if (!form) return;
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = name;
  let busy = false;
  let done = false;

  // On the window, after the page's own listeners: a form that they cancel, or send themselves, must not be submitted here.
  addEventListener("submit", async (event) => {
    if (event.target !== form || event.defaultPrevented || done) return;
    if (busy) return event.preventDefault();
    const finishing = finish();
    if (!finishing) return;
    event.preventDefault();
    busy = true;
    try {
      const receipt = await finishing;
      field.value = receipt ?? "";
      if (receipt !== undefined) form.append(field);
    } catch (error) {
      if (canMend(error)) {
        busy = false;
        return complain(box, /** @type {Error} */ (error).message);
      }
      form.append(field);
      console.warn("Keytrail:", error);
    }
    done = true;
    // Not during the first event, when browsers ignore it.
    setTimeout(() => form.requestSubmit(event.submitter));
  });
  box.addEventListener("input", () => complain(box, ""));
};
