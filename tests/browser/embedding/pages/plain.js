// No editor at all: an element that the browser itself lets people edit.
document.getElementById("answer").contentEditable = "true";
