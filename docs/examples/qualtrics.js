// For the question's "Add JavaScript". The receipt is stored before the page's data leave: the page's own button is hidden, and the
// one below presses it once the receipt is there. Name an embedded data field in the survey flow: "receipt", and in the new survey
// experience "__js_receipt".
Qualtrics.SurveyEngine.addOnReady(function () {
  const question = this;
  const engine = Qualtrics.SurveyEngine;
  const container = question.getQuestionContainer();
  const keep = (receipt) => (engine.setJSEmbeddedData ? engine.setJSEmbeddedData("receipt", receipt) : engine.setEmbeddedData("receipt", receipt));

  const trail = import("https://keytrail.example/static/embed.js").then(({ attach }) =>
    attach({
      study: "writing",
      item: "shade",
      box: container.querySelector("textarea"),
      query: { participant: "${e://Field/ResponseID}" },
      consent: "given", // a page of the survey before this one has asked
    }),
  );
  trail.catch((error) => console.error("Keytrail records nothing in this question.", error.message));

  const problem = document.createElement("p");
  problem.setAttribute("role", "alert");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Continue";
  button.addEventListener("click", async () => {
    button.disabled = true;
    problem.textContent = "";
    let receipt = "";
    try {
      receipt = await trail.then(
        ({ finish }) => finish(),
        () => "",
      );
    } catch (error) {
      // The text is outside the study's word limits. Whatever else goes wrong keeps nobody on this page.
      if (/^too_(short|long)$/.test(error.cause)) {
        problem.textContent = error.message;
        button.disabled = false;
        return;
      }
    }
    keep(receipt);
    question.clickNextButton();
  });
  container.append(problem, button);
  question.hideNextButton();
});
