// @ts-check
/**
 * `<crowd-form>` and the few elements that simple tasks put into it: crowd-input, crowd-text-area, crowd-button,
 * crowd-checkbox, crowd-radio-button and crowd-radio-group. Other crowd elements show their content only.
 *
 * A form is sent as MTurk sends it: one field, `taskAnswers`, with a list of one object in JSON. Texts are strings by
 * name; choices are `{name: {value: true or false}}`. A classic script, because pages load it as one.
 */

(() => {
  const given = new URLSearchParams(window.location.search);
  const assignmentId = given.get("assignmentId") ?? "";
  const isPreview = !assignmentId || assignmentId === "ASSIGNMENT_ID_NOT_AVAILABLE";
  let made = 0;
  const style = document.createElement("style");
  // In front of the page's own style, which therefore wins.
  style.textContent = `
    crowd-form { display: block; font-family: system-ui, sans-serif; line-height: 1.5; }
    crowd-input, crowd-text-area { display: block; margin: 0.75rem 0; }
    crowd-input label, crowd-text-area label { display: grid; gap: 0.25rem; }
    crowd-input input, crowd-text-area textarea { box-sizing: border-box; width: 100%; padding: 0.4rem; font: inherit; }
    crowd-radio-button, crowd-checkbox { display: block; }
    crowd-button button { padding: 0.5rem 1rem; font: inherit; }`;
  document.head.prepend(style);

  /**
   * @param {Iterable<Element>} elements  of one form
   * @returns {Record<string, unknown>}
   */
  function answersOf(elements) {
    /** @type {Record<string, any>} */
    const answers = Object.create(null);
    for (const element of elements) {
      if (element instanceof HTMLInputElement && ["radio", "checkbox"].includes(element.type)) {
        const name = element.dataset.name ?? element.name;
        if (name) answers[name] = { ...answers[name], [element.dataset.value ?? element.value]: element.checked };
      } else if (
        element instanceof HTMLInputElement ||
        element instanceof HTMLTextAreaElement ||
        element instanceof HTMLSelectElement
      ) {
        const name = element.dataset.name ?? element.name;
        if (name && element.type !== "submit" && element.type !== "button") answers[name] = element.value;
      }
    }
    return answers;
  }

  /** @param {HTMLFormElement} form */
  function send(form) {
    const answers = answersOf(form.elements);
    const sent = document.createElement("form");
    sent.method = "post";
    sent.action = `${given.get("turkSubmitTo") ?? ""}/mturk/externalSubmit`;
    for (const [name, value] of Object.entries({ assignmentId, taskAnswers: JSON.stringify([answers]) })) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      sent.append(field);
    }
    document.body.append(sent);
    sent.submit();
  }

  /**
   * Runs when the element's children exist, however early the script was loaded.
   *
   * @param {() => void} task
   */
  function whenParsed(task) {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", task, { once: true });
    else task();
  }

  class CrowdForm extends HTMLElement {
    connectedCallback() {
      whenParsed(() => {
        if (this.querySelector(":scope > form.crowd-form")) return;
        const form = document.createElement("form");
        form.className = "crowd-form";
        form.append(...this.childNodes);
        this.append(form);
        if (!form.querySelector("crowd-button[form-action=submit], [type=submit]")) {
          const button = document.createElement("crowd-button");
          button.setAttribute("form-action", "submit");
          button.textContent = "Submit";
          form.append(button);
        }
      });
    }

    submit() {
      const form = this.querySelector("form");
      if (form && !isPreview) send(form);
    }
  }

  /** A field with its label; the page reads and sets the element's `value`. */
  class CrowdText extends HTMLElement {
    /** @type {HTMLInputElement | HTMLTextAreaElement} */
    box = document.createElement(this.localName === "crowd-text-area" ? "textarea" : "input");

    connectedCallback() {
      if (this.box.isConnected) return;
      for (const name of ["placeholder", "maxlength", "minlength", "rows", "type", "min", "max", "pattern"]) {
        const value = this.getAttribute(name);
        if (value !== null) this.box.setAttribute(name, value);
      }
      this.box.required = this.hasAttribute("required");
      this.box.disabled = this.hasAttribute("disabled");
      this.box.dataset.name = this.getAttribute("name") ?? "";
      this.box.value = this.getAttribute("value") ?? "";
      const label = document.createElement("label");
      label.append(this.getAttribute("label") ?? "", this.box);
      this.append(label);
    }

    get value() {
      return this.box.value;
    }

    set value(text) {
      this.box.value = text;
    }
  }

  /** A radio button or checkbox; its text is the label. The buttons of a crowd-radio-group exclude each other. */
  class CrowdChoice extends HTMLElement {
    box = document.createElement("input");

    connectedCallback() {
      whenParsed(() => {
        if (this.box.isConnected) return;
        const name = this.getAttribute("name") ?? "";
        const group = this.closest("crowd-radio-group");
        this.box.type = this.localName === "crowd-checkbox" ? "checkbox" : "radio";
        this.box.dataset.name = name;
        this.box.dataset.value = this.getAttribute("value") ?? name;
        if (group instanceof HTMLElement) group.dataset.group ??= `crowd-group-${(made += 1)}`;
        this.box.name = (group instanceof HTMLElement && group.dataset.group) || `crowd-${this.box.type}-${name}`;
        this.box.checked = this.hasAttribute("checked");
        this.box.disabled = this.hasAttribute("disabled");
        this.box.required = this.hasAttribute("required");
        const label = document.createElement("label");
        label.append(this.box, " ", ...this.childNodes);
        this.append(label);
      });
    }

    get checked() {
      return this.box.checked;
    }

    set checked(on) {
      this.box.checked = on;
    }
  }

  class CrowdButton extends HTMLElement {
    connectedCallback() {
      whenParsed(() => {
        if (this.querySelector(":scope > button")) return;
        const button = document.createElement("button");
        const action = this.getAttribute("form-action");
        button.type = action === "submit" || action === "reset" ? action : "button";
        button.disabled = this.hasAttribute("disabled") || (action === "submit" && isPreview);
        button.append(...this.childNodes);
        this.append(button);
      });
    }
  }

  // After the page's own listeners, which may cancel the form.
  window.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.className !== "crowd-form") return;
    const held = event.defaultPrevented;
    event.preventDefault();
    if (!held && !isPreview) send(form);
  });

  customElements.define("crowd-form", CrowdForm);
  customElements.define("crowd-input", class extends CrowdText {});
  customElements.define("crowd-text-area", class extends CrowdText {});
  customElements.define("crowd-checkbox", class extends CrowdChoice {});
  customElements.define("crowd-radio-button", class extends CrowdChoice {});
  customElements.define("crowd-button", CrowdButton);
})();
