// A form whose text is Vue's own state.
import { createApp } from "vue/dist/vue.esm-bundler.js";

const template = `<form action="/thanks" method="post">
  <textarea id="answer" name="answer" v-model="text"></textarea>
  <p id="length">{{ text.length }}</p>
  <button id="send">Send</button>
</form>`;

document
  .getElementById("start")
  .addEventListener("click", () => createApp({ template, data: () => ({ text: "" }) }).mount("#page"));
