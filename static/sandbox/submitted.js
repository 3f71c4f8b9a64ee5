// @ts-check
/** Removes the return button from the bar above the frame after submission. Without this the button explains it. */

try {
  window.parent.document.querySelector(".taskbar .actions")?.remove();
} catch {
  // A requester's own page stands in a frame without an origin, which sees nothing of the page around it.
}
