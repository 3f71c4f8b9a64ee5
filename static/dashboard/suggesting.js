// @ts-check
/** Suggestions for a field: the few of thousands of items that begin with or contain the typed text. */

const WAIT_MS = 150;

/** @param {ParentNode} root */
export function wireSuggestions(root) {
  for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll("input[data-suggest]"))) {
    const list = document.createElement("datalist");
    list.id = `${field.id}-list`;
    field.after(list);
    field.setAttribute("list", list.id);
    let timer = 0;
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = window.setTimeout(async () => {
        const query = new URLSearchParams({ words: field.value });
        const answer = await fetch(`${field.dataset.suggest}?${query}`, { headers: { accept: "application/json" } });
        if (!answer.ok) return;
        /** @type {{ value: string, label: string }[]} */
        const found = await answer.json();
        list.replaceChildren(...found.map(({ value, label }) => new Option(label, value)));
      }, WAIT_MS);
    });
  }
}
