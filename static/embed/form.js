// @ts-check

/** Errors that the person can correct: the text is too short or too long. @param {unknown} error */
const canMend = (error) => error instanceof Error && /^too_(short|long)$/.test(`${error.cause}`);

/**
 * Submits the text when the page's own form is submitted, and adds the receipt. Whatever happens here, the form is submitted.
 *
 * @param {HTMLTextAreaElement} box
 * @param {string} name  of the hidden field
 * @param {() => Promise<string | undefined> | undefined} finish  gives nothing if this form goes without a receipt
 */
export const carryReceipt = (box, name, finish) => {
  const { form } = box;
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
        box.setCustomValidity(/** @type {Error} */ (error).message);
        return void box.reportValidity();
      }
      form.append(field);
      console.warn("Keytrail:", error);
    }
    done = true;
    // Not during the first event, when browsers ignore it.
    setTimeout(() => form.requestSubmit(event.submitter));
  });
  box.addEventListener("input", () => box.setCustomValidity(""));
};
