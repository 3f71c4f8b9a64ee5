// @ts-check

const EVERY_MS = 500;
// Without a limit, a script that keeps replacing the box would take turns with us for ever.
const MOST = 5;

/** The box in the place of ours. @param {HTMLElement} box */
const copyOf = (box) => {
  const found = box.id ? document.getElementById(box.id) : null;
  return found instanceof HTMLTextAreaElement ? found : null;
};

/** @param {HTMLTextAreaElement} box @param {HTMLTextAreaElement} copy */
const putBack = (box, copy) => {
  const { value, selectionStart, selectionEnd } = copy;
  const focused = document.activeElement === copy;
  copy.replaceWith(box);
  if (box.value !== value) box.value = value;
  if (focused) box.focus();
  box.setSelectionRange(selectionStart, selectionEnd);
};

/**
 * Some extensions and scripts replace the answer box by a copy, which nobody records. On our own page the box goes back into its
 * place, with what was written into the copy meanwhile. A page of somebody else may need its copy: there, and where this does not
 * help, whoever asked is told, to say so.
 *
 * @param {HTMLElement} box
 * @param {{ most?: number, lost: (copy: HTMLTextAreaElement | null) => void }} options  how often the box goes back; told once
 * @returns {() => void}  stops following
 */
export const followBox = (box, { most = MOST, lost }) => {
  const timer = setInterval(() => {
    if (box.isConnected) return;
    const copy = copyOf(box);
    if (copy && box instanceof HTMLTextAreaElement && most-- > 0) return putBack(box, copy);
    clearInterval(timer);
    lost(copy);
  }, EVERY_MS);
  return () => clearInterval(timer);
};
