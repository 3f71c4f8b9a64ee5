import Quill from "quill";

new Quill("#answer", { theme: "" });
