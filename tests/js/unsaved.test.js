// @ts-nocheck
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { guardUnsaved } from "../../static/dashboard/unsaved.js";

/** A form with one field, and a window that is about to be left. */
function opened(state = "") {
  /** @type {any} */
  const form = Object.assign(new EventTarget(), { dataset: { unsaved: state }, fields: [["title", "Old"]] });
  // biome-ignore lint/complexity/useArrowFunction: it is called with new
  /** @type {any} */ (globalThis).FormData = function () {
    return form.fields;
  };
  /** @type {any} */
  const page = new EventTarget();
  guardUnsaved(form, page);
  const leave = () => !page.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  const submit = (formTarget = "") =>
    form.dispatchEvent(Object.assign(new Event("submit"), { submitter: { formTarget } }));
  return { form, leave, submit };
}

test("leaving asks once something was changed, and not before", () => {
  const { form, leave } = opened();
  assert.equal(leave(), false);
  form.fields = [["title", "New"]];
  assert.equal(leave(), true);
  form.fields = [["title", "Old"]];
  assert.equal(leave(), false);
});

test("a form that was sent does not ask, but one that was only previewed does", () => {
  const { form, leave, submit } = opened();
  form.fields = [["title", "New"]];
  submit("_blank");
  assert.equal(leave(), true);
  submit();
  assert.equal(leave(), false);
});

test("a form that came back with problems asks from the beginning", () => {
  assert.equal(opened("changed").leave(), true);
});

/** Forms in which a person writes something that leaving would lose, by template and address. */
const FORMS = [
  ["study/form.html", "/settings"],
  ["study/item.html", "/items/{{ item.id }}"],
  ["study/notifications.html", "{{ base }}"],
  ["submission/decision.html", "/decisions"],
  ["submission/objection.html", "/objection"],
  ["platform/payment_forms.html", "/bonus"],
  ["platform/payment_forms.html", "/message"]
];

for (const [template, action] of FORMS) {
  test(`leaving ${template} with changes for ${action} asks`, () => {
    const source = readFileSync(new URL(`../../templates/requester/${template}`, import.meta.url), "utf8");
    const forms = source.split("<form ").slice(1);
    // The tag ends with its line; a form of hidden fields and a button (withdraw) holds nothing that was written.
    const written = forms
      .filter((form) =>
        /<textarea|<input (?!type="hidden")|\{\{ choices|class="long-form"/.test(form.split("</form>")[0])
      )
      .map((form) => form.split("\n")[0])
      .filter((tag) => tag.includes(action) && tag.includes('method="post"'));
    assert.ok(written.length > 0);
    for (const tag of written) {
      assert.match(tag, /\sdata-unsaved(="|>)/);
    }
  });
}
