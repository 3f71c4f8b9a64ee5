// @ts-check
/**
 * Sections that stand in one place as tabs. Without JavaScript they stand below each other; a link into a hidden one
 * opens it.
 */

/** @param {HTMLElement} group  its sections have a heading with `data-tab`, the tab's name */
function wire(group) {
  const panels = /** @type {HTMLElement[]} */ ([...group.children].filter((one) => one.querySelector("[data-tab]")));
  if (panels.length < 2) {
    return;
  }
  const list = document.createElement("div");
  list.className = "tab-list";
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", group.dataset.tabs ?? "");
  const tabs = panels.map((panel, at) => {
    const heading = /** @type {HTMLElement} */ (panel.querySelector("[data-tab]"));
    const tab = document.createElement("button");
    panel.id ||= `panel-${at}`;
    tab.id = `tab-${panel.id}`;
    tab.type = "button";
    tab.textContent = heading.textContent;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    heading.hidden = true;
    list.append(tab);
    return tab;
  });
  /** @param {number} wanted */
  const show = (wanted) => {
    tabs.forEach((tab, at) => {
      tab.setAttribute("aria-selected", String(at === wanted));
      tab.tabIndex = at === wanted ? 0 : -1;
      /** @type {HTMLElement} */ (panels[at]).hidden = at !== wanted;
    });
  };
  tabs.forEach((tab, at) => tab.addEventListener("click", () => show(at)));
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = tabs.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    if (step && at >= 0) {
      event.preventDefault();
      const next = (at + step + tabs.length) % tabs.length;
      show(next);
      tabs[next]?.focus();
    }
  });
  // Before the browser follows the link, or there would be nothing to scroll to.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
    const target = link && document.getElementById(decodeURIComponent(link.getAttribute("href")?.slice(1) ?? ""));
    const at = target ? panels.findIndex((panel) => panel.contains(target)) : -1;
    if (at >= 0) {
      show(at);
    }
  });
  group.prepend(list);
  const named = window.location.hash ? document.getElementById(window.location.hash.slice(1)) : null;
  show(Math.max(0, named ? panels.findIndex((panel) => panel.contains(named)) : 0));
}

/** @param {ParentNode} root */
export function wireTabs(root) {
  /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-tabs]")).forEach(wire);
}
