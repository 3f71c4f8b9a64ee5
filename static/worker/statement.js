// @ts-check

/** What the person says of how the text was written, where the study asks. @param {HTMLFormElement} form */
export const statementOf = (form) => {
  const data = new FormData(form);
  return { text_origins: data.getAll("text_origins").map(String), input_aids: data.has("input_aids") };
};

/**
 * Opens the question where pasted text is from, at the first paste of a text that is neither the item's nor the person's own.
 *
 * @param {HTMLTextAreaElement} box
 * @param {HTMLElement | null} source
 * @param {HTMLElement | null} question
 */
export const askAtPaste = (box, source, question) => {
  if (!(question instanceof HTMLDetailsElement)) return;
  /** @param {DataTransfer | null} data */
  const ask = (data) => {
    const text = data?.getData("text/plain").trim() ?? "";
    if (text && !box.value.includes(text) && !source?.textContent?.includes(text)) question.open = true;
  };
  box.addEventListener("paste", (event) => ask(event.clipboardData));
  box.addEventListener("drop", (event) => ask(event.dataTransfer));
};
