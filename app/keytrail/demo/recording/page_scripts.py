"""JavaScript that a recording runs in the task's page: to locate text, and to simulate a script that writes."""

from typing import Final

# Screen positions of offsets in a textarea: a copy of the box, laid out as a div, with a marker at each offset. Only
# for the duration of the call; the box itself is not touched.
POINTS_IN_BOX: Final = """(box, offsets) => {
  const style = getComputedStyle(box), place = box.getBoundingClientRect(), copy = document.createElement("div");
  for (const name of ["font", "letterSpacing", "wordSpacing", "lineHeight", "padding", "border", "boxSizing"])
    copy.style[name] = style[name];
  copy.style.cssText += ";position:absolute;inset:0 auto auto 0;visibility:hidden;white-space:pre-wrap";
  copy.style.overflowWrap = "break-word";
  copy.style.width = `${place.width - (box.offsetWidth - box.clientWidth - 2 * parseFloat(style.borderLeftWidth))}px`;
  document.body.append(copy);
  const points = offsets.map((offset) => {
    copy.textContent = box.value.slice(0, offset);
    const marker = document.createElement("span");
    marker.textContent = "\\u200b";
    copy.append(marker, box.value.slice(offset) || ".");
    const at = marker.getBoundingClientRect(), origin = copy.getBoundingClientRect();
    return [place.left + at.left - origin.left, place.top + at.top - origin.top + at.height / 2 - box.scrollTop];
  });
  copy.remove();
  return points;
}"""

SELECTION: Final = "(box) => [box.selectionStart, box.selectionEnd]"
SET_SELECTION: Final = "(box, [start, end]) => { box.focus(); box.setSelectionRange(start, end); }"
VALUE: Final = "(box) => box.value"

# Selects a text inside an element, or the whole element, as a person does with the pointer.
MARK: Final = """(element, text) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  if (text) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const start = node.data.indexOf(text);
      if (start < 0) continue;
      range.setStart(node, start);
      range.setEnd(node, start + text.length);
    }
  }
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  return selection.toString();
}"""

SOURCE: Final = """(element) => {
  const paragraphs = [...element.querySelectorAll("p")];
  return paragraphs.length ? paragraphs.map((p) => p.textContent).join("\\n\\n") : element.textContent;
}"""

WRITE_VALUE: Final = "(box, text) => { box.value = text; }"
WRITE_COMMAND: Final = '(box, text) => { document.execCommand("insertText", false, text); }'
