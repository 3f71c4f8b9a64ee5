// @ts-check
/** Reloads the part of the page that shows a background job until the job has ended. */

const EVERY_MS = 2000;

/**
 * @param {Element} present
 * @param {typeof fetch} [ask]
 * @returns {Promise<Element>}  the element that replaced it
 */
async function renewed(present, ask = (...args) => fetch(...args)) {
  const answer = await ask(window.location.href, { headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-job]");
  if (!answer.ok || !fresh) {
    return present;
  }
  present.replaceWith(fresh);
  return fresh;
}

/** @param {Element} job */
function watch(job) {
  if (!job.hasAttribute("data-running")) {
    return;
  }
  window.setTimeout(() => {
    renewed(job).then(
      (now) => (now.hasAttribute("data-running") ? watch(now) : window.location.reload()),
      () => watch(job)
    );
  }, EVERY_MS);
}

const job = typeof document === "undefined" ? null : document.querySelector("[data-job]");
if (job) {
  watch(job);
}
