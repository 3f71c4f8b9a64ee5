// @ts-check
// A classic script, so that it runs where it stands: right behind the answer box, before anybody can write. What is written before
// the recorder runs could not be told from text that came from elsewhere. If this script is kept out, or the task's own fails or
// is too slow, the box is open all the same: nobody's answer waits for a recorder.
{
  const PATIENCE_MS = 15_000;
  const box = /** @type {HTMLTextAreaElement} */ (document.getElementById("answer"));
  const open = () => {
    if (!box.dataset.held) return;
    delete box.dataset.held;
    box.readOnly = false;
  };
  box.dataset.held = "1";
  box.readOnly = true;
  setTimeout(open, PATIENCE_MS);
  document.getElementById("task-script")?.addEventListener("error", open);
}
