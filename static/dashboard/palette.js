// @ts-check
/** The command palette: Ctrl+K (or Cmd+K) finds studies, submissions, workers and pages. */

/** @typedef {{ kind: string, label: string, url: string }} Place */

/** @returns {{ dialog: HTMLDialogElement, input: HTMLInputElement, list: HTMLElement }} */
function make() {
  const dialog = document.createElement("dialog");
  dialog.className = "palette";
  dialog.setAttribute("aria-label", "Go to");
  const label = document.createElement("label");
  label.textContent = "Go to a study, submission, worker or page";
  label.htmlFor = "palette-words";
  const input = document.createElement("input");
  input.id = "palette-words";
  input.type = "search";
  input.autocomplete = "off";
  const list = document.createElement("ul");
  list.setAttribute("aria-live", "polite");
  dialog.append(label, input, list);
  document.body.append(dialog);
  return { dialog, input, list };
}

/**
 * @param {HTMLElement} list
 * @param {Place[]} places
 */
function show(list, places) {
  const items = places.map(({ kind, label, url }) => {
    const link = document.createElement("a");
    link.href = url;
    link.textContent = label;
    const small = document.createElement("small");
    small.textContent = kind;
    const item = document.createElement("li");
    item.append(link, " ", small);
    return item;
  });
  if (!items.length) {
    const none = document.createElement("li");
    none.textContent = "Nothing found";
    items.push(none);
  }
  list.replaceChildren(...items);
}

/** @param {Document} page */
export function wirePalette(page) {
  /** @type {ReturnType<typeof make> | undefined} */
  let made;
  let asked = 0;

  const find = async () => {
    if (!made) return;
    const mine = ++asked;
    const study = page.querySelector(".tabs")?.getAttribute("data-study") ?? "";
    const query = new URLSearchParams({ words: made.input.value, study });
    const answer = await fetch(`/find?${query}`, { headers: { accept: "application/json" } });
    if (answer.ok && mine === asked) {
      show(made.list, await answer.json());
    }
  };

  const open = () => {
    if (!made) {
      made = make();
      const { dialog, input, list } = made;
      input.addEventListener("input", () => void find().catch(() => undefined));
      dialog.addEventListener("keydown", (event) => {
        const links = [...list.querySelectorAll("a")];
        const at = links.indexOf(/** @type {HTMLAnchorElement} */ (page.activeElement));
        if (event.key === "Enter" && page.activeElement === input) {
          links[0]?.click();
        } else if (event.key === "ArrowDown") {
          links[Math.min(links.length - 1, at + 1)]?.focus();
        } else if (event.key === "ArrowUp") {
          (links[at - 1] ?? input).focus();
        } else {
          return;
        }
        event.preventDefault();
      });
    }
    made.dialog.showModal();
    made.input.select();
    find().catch(() => undefined);
  };

  page.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  const button = page.querySelector("[data-palette]");
  if (button instanceof HTMLElement) {
    button.hidden = false;
    button.addEventListener("click", open);
  }
}
