// @ts-check
/** @import { Receipt } from "./submission.js" */

/** @param {string} tag @param {string} [text] @param {Record<string, string>} [attributes] */
const make = (tag, text = "", attributes = {}) => {
  const element = document.createElement(tag);
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

// After this time the worker gets a button for the last step.
const PATIENCE_MS = 5000;

/**
 * A marketplace receives a form that the browser posts from inside the frame.
 *
 * @param {HTMLElement} panel
 * @param {string} url
 * @param {Record<string, string>} fields
 */
const postForm = (panel, url, fields) => {
  const form = /** @type {HTMLFormElement} */ (make("form", "", { method: "post", action: url }));
  for (const [name, value] of Object.entries(fields)) form.append(make("input", "", { type: "hidden", name, value }));
  const button = make("button", "Press here if nothing happens", { type: "submit", hidden: "" });
  form.append(button);
  panel.lastElementChild?.before(form);
  setTimeout(() => button.removeAttribute("hidden"), PATIENCE_MS);
  // A field named "submit" would hide the method.
  HTMLFormElement.prototype.submit.call(form);
};

/** @param {string} code */
const codeLine = (code) => {
  const line = make("p", "", { class: "code-line" });
  const shown = make("output", code, { id: "code" });
  const button = make("button", "Copy", { type: "button", class: "quiet" });
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code);
      button.textContent = "Copied";
    } catch {
      // Frames often may not write to the clipboard: leave the code selected for copying by keyboard.
      getSelection()?.selectAllChildren(shown);
      button.textContent = "Selected: press Ctrl or ⌘ and C";
    }
  });
  line.append(shown, button);
  return line;
};

/** @param {string} url @param {string} label */
const onward = (url, label) => make("a", label, { id: "finish", class: "button", href: url, target: "_top", rel: "noreferrer" });

/**
 * Replaces the task by the message that the text is submitted; the same page as the server's own for browsers without this script.
 *
 * @param {HTMLElement} task
 * @param {string} receipt
 * @param {(Node | string)[]} body
 * @returns {HTMLElement}
 */
const showPanel = (task, receipt, ...body) => {
  const panel = make("main", "", { class: "message finish", id: "result", tabindex: "-1" });
  panel.append(make("h1", "Thank you. Your text is in."), ...body, make("p", `Receipt ${receipt}`, { class: "aside" }));
  task.replaceWith(panel);
  panel.focus();
  scrollTo(0, 0);
  return panel;
};

/**
 * Continues after submission: our question, the marketplace's form, its completion page, a completion code, or nothing.
 *
 * @param {HTMLElement} task
 * @param {Receipt} receipt
 */
export const finish = (task, { receipt, finish: step }) => {
  if (step.kind === "post" || step.kind === "ask") {
    const panel = showPanel(task, receipt, make("p", step.kind === "ask" ? "One question is left…" : step.said));
    postForm(panel, step.url, step.fields);
  } else if (step.kind === "redirect") {
    // Completion pages refuse to be framed, and only a click may lead the whole window away: in a frame, the person clicks.
    showPanel(task, receipt, make("p", step.said), onward(step.url, step.button));
    if (self === top) location.assign(step.url);
  } else if (step.kind === "code") {
    showPanel(task, receipt, make("p", step.said), codeLine(step.code), ...(step.url ? [onward(step.url, step.button)] : []));
  } else {
    showPanel(task, receipt, make("p", "You can close this page."));
  }
};
