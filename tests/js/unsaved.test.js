// @ts-nocheck
import assert from "node:assert/strict";
import { test } from "node:test";
import { guardUnsaved } from "../../static/dashboard/unsaved.js";

/** A form with one field, and a window that is about to be left. */
function opened(state = "") {
  /** @type {any} */
  const form = Object.assign(new EventTarget(), { dataset: { unsaved: state }, fields: [["title", "Old"]] });
  /** @type {any} */ (globalThis).FormData = function () {
    return form.fields;
  };
  /** @type {any} */
  const page = new EventTarget();
  guardUnsaved(form, page);
  const leave = () => !page.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  const submit = (formTarget = "") => form.dispatchEvent(Object.assign(new Event("submit"), { submitter: { formTarget } }));
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
