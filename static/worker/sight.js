// @ts-check

/**
 * Says on the task which of both the person is at, so that a small screen shows the item beside what is written.
 * Not by what has the focus: pressing a button would move everything under the finger.
 *
 * @param {HTMLElement} task
 * @param {HTMLTextAreaElement} box
 * @param {HTMLElement | null} source
 */
export const keepInSight = (task, box, source) => {
  box.addEventListener("focus", () => {
    if ("writing" in task.dataset) return;
    task.dataset.writing = "";
    box.scrollIntoView({ block: "nearest" });
  });
  source?.addEventListener("focus", () => delete task.dataset.writing);
};
