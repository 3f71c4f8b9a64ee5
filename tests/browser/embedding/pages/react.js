// A form whose text is React's own state.
import { createElement, useState } from "react";
import { createRoot } from "react-dom/client";

const Form = () => {
  const [text, setText] = useState("");
  const onChange = ({ target }) => setText(target.value);
  return createElement(
    "form",
    { action: "/thanks", method: "post" },
    createElement("textarea", { id: "answer", name: "answer", value: text, onChange }),
    createElement("p", { id: "length" }, text.length),
    createElement("button", { id: "send", type: "submit" }, "Send")
  );
};

const root = createRoot(document.getElementById("page"));
document.getElementById("start").addEventListener("click", () => root.render(createElement(Form)));
