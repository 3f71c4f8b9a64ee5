// @ts-check
/**
 * Buttons that copy the text of the element that `data-copy` names. Hidden if the browser has no clipboard, as on
 * plain HTTP: the text is beside the button and can be selected.
 */

const AGAIN_AFTER_MS = 2000;

for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-copy]"))) {
  const source = document.getElementById(button.dataset.copy ?? "");
  if (!navigator.clipboard || !source) continue;
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText((source.textContent ?? "").trim());
      button.textContent = "Copied";
    } catch {
      button.textContent = "Select the text and copy it";
      getSelection()?.selectAllChildren(source);
    }
    setTimeout(() => (button.textContent = label), AGAIN_AFTER_MS);
  });
}
