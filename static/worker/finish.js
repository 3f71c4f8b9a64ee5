// @ts-check
/** @import { Messages } from "./messages.js" */
/** @import { Receipt } from "./submission.js" */
import { fill } from "./messages.js";

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
 * @param {{ label?: string | undefined, waits?: boolean }} button  `waits` for the person to press it
 */
const postForm = (panel, url, fields, { label, waits = false }) => {
  const form = /** @type {HTMLFormElement} */ (make("form", "", { method: "post", action: url }));
  for (const [name, value] of Object.entries(fields)) form.append(make("input", "", { type: "hidden", name, value }));
  const button = make("button", label, { type: "submit", id: "finish", hidden: "" });
  form.append(button);
  panel.lastElementChild?.before(form);
  if (waits) return button.removeAttribute("hidden");
  setTimeout(() => button.removeAttribute("hidden"), PATIENCE_MS);
  // A field named "submit" would hide the method.
  HTMLFormElement.prototype.submit.call(form);
};

/** @param {string} code @param {Messages} messages */
const codeLine = (code, messages) => {
  const line = make("p", "", { class: "code-line" });
  const shown = make("output", code, { id: "code", dir: "ltr" });
  const button = make("button", messages.copy, { type: "button", class: "quiet" });
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code);
      button.textContent = messages.copied ?? "";
    } catch {
      // Frames often may not write to the clipboard: leave the code selected for copying by keyboard.
      getSelection()?.selectAllChildren(shown);
      button.textContent = messages.selected ?? "";
    }
  });
  line.append(shown, button);
  return line;
};

/** @param {string} url @param {string} label */
const onward = (url, label) =>
  make("a", label, { id: "finish", class: "button", href: url, target: "_top", rel: "noreferrer" });

/**
 * Replaces the task by the message that the text is submitted; the same page as the server's own for browsers without this script.
 *
 * @param {HTMLElement} task
 * @param {string} receipt
 * @param {Messages} messages
 * @param {(Node | string)[]} body
 * @returns {HTMLElement}
 */
const showPanel = (task, receipt, messages, ...body) => {
  // It gets the focus, and a screen reader then says its name.
  const panel = make("main", "", {
    class: "message finish",
    id: "result",
    tabindex: "-1",
    "aria-labelledby": "result-title"
  });
  panel.append(
    make("h1", messages.done, { id: "result-title" }),
    ...body,
    make("p", fill(messages.receipt ?? "", { receipt }), { class: "aside" })
  );
  task.replaceWith(panel);
  panel.focus();
  scrollTo(0, 0);
  return panel;
};

/** The link to the worker's own copy, if there is one. @param {string | undefined} url @param {Messages} messages */
const copyLink = (url, messages) => {
  if (!url) return [];
  const line = make("p");
  line.append(make("a", messages.own_copy, { id: "copy", href: url, target: "_blank", rel: "noreferrer" }));
  line.append(make("br"), make("span", messages.save_link, { class: "aside" }));
  return [line];
};

/**
 * What comes after the submission: a question of ours, the marketplace's form, its completion page, a code to hand in, or nothing.
 * With a copy nothing leads on by itself: its link would be gone before anybody saw it.
 *
 * @param {HTMLElement} task
 * @param {Receipt} receipt
 * @param {Messages} messages
 */
export const finish = (task, { receipt, finish: step }, messages) => {
  const copy = copyLink(step.copy, messages);
  if (step.kind === "ask") {
    postForm(showPanel(task, receipt, messages, make("p", messages.question)), step.url, step.fields, {
      label: messages.push
    });
  } else if (step.kind === "post") {
    const panel = showPanel(task, receipt, messages, make("p", step.said), ...copy);
    postForm(
      panel,
      step.url,
      step.fields,
      copy.length ? { label: step.button, waits: true } : { label: messages.push }
    );
  } else if (step.kind === "redirect") {
    // Completion pages refuse to be framed, and only a click may lead the whole window away: in a frame, the person clicks.
    showPanel(task, receipt, messages, make("p", step.said), onward(step.url, step.button), ...copy);
    if (self === top && !copy.length) location.assign(step.url);
  } else if (step.kind === "code") {
    const link = step.url ? [onward(step.url, step.button)] : [];
    showPanel(task, receipt, messages, make("p", step.said), codeLine(step.code, messages), ...link, ...copy);
  } else {
    showPanel(task, receipt, messages, make("p", messages.close), ...copy);
  }
};
