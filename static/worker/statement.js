// @ts-check

/** The worker's statement on how the text was written, if the study asks for it. @param {HTMLFormElement} form */
export const statementOf = (form) => {
  const data = new FormData(form);
  return { text_origins: data.getAll("text_origins").map(String), input_aids: data.has("input_aids") };
};

/**
 * Show the question where pasted text is from, at the first paste of a text that is neither the item's nor the worker's own.
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
