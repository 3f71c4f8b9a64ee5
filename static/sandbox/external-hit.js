// @ts-check
/**
 * The functions that HTMLQuestion pages written for MTurk expect: read a parameter, fill in the assignment.
 * A classic script on purpose: such pages load it without type="module" and call its functions inline.
 */

/**
 * @param {string} name
 * @param {string} [otherwise]
 * @returns {string}
 */
function turkGetParam(name, otherwise = "") {
  return new URLSearchParams(window.location.search).get(name) ?? otherwise;
}

/** Puts the assignment's id into the form, or disables its button in a preview. */
function turkSetAssignmentID() {
  const id = turkGetParam("assignmentId");
  const field = document.getElementById("assignmentId");
  if (field instanceof HTMLInputElement) field.value = id;
  const button = document.getElementById("submitButton");
  if (id === "ASSIGNMENT_ID_NOT_AVAILABLE" && button instanceof HTMLInputElement) {
    button.disabled = true;
    button.value = "You must accept the HIT before you can submit.";
  }
}

Object.assign(window, { turkGetParam, turkSetAssignmentID });
