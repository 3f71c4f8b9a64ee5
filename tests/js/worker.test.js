// @ts-check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { catchUp } from "../../static/worker/draft.js";
import { countCharacters, countWords, describeCount, describeProblem, limitsOf } from "../../static/worker/length.js";
import { fill } from "../../static/worker/messages.js";
import { askAtPaste } from "../../static/worker/statement.js";
import { deliver, Refused, Unreadable } from "../../static/worker/submission.js";
import { settle, simulateTime } from "./clock.js";

/** @type {{ text: string, words: number, characters: number }[]} */
const lengths = JSON.parse(readFileSync(new URL("../text/lengths.json", import.meta.url), "utf8"));
for (const { text, words, characters } of lengths) {
  test(`words and characters are counted as on the server: ${JSON.stringify(text)}`, () => {
    assert.deepEqual([countWords(text), countCharacters(text)], [words, characters]);
  });
}

test("counting a long run without letters takes no longer than one with them", () => {
  assert.equal(countWords("—".repeat(200_000)), 0);
});

/** @type {import("../../static/worker/messages.js").Messages} */
const MESSAGES = /** @type {any} */ ({
  length: { one: "%(count)s word", other: "%(count)s words" },
  over: "%(count)s, %(over)s too many",
  under: "%(count)s, at least %(under)s more to go",
  within: "%(count)s of at most %(most)s",
  empty: "Your text is still empty.",
  short: "Your text has %(length)s. Please write at least %(least)s.",
  long: "Your text has %(length)s. Please shorten it to at most %(most)s."
});

test("a message's values are put in, and what has none stays", () => {
  assert.equal(fill("%(a)s of %(b)s, %(a)s %", { a: 0 }), "0 of %(b)s, 0 %");
});

test("a count has the plural of its language, and the last form where there is none", () => {
  const polish = {
    ...MESSAGES,
    length: { one: "%(count)s słowo", few: "%(count)s słowa", many: "%(count)s słów", other: "%(count)s słowa" }
  };
  const limits = { least: 0, most: Infinity, count: countWords };
  const messages = /** @type {import("../../static/worker/messages.js").Messages} */ (/** @type {unknown} */ (polish));
  assert.deepEqual(
    [1, 3, 5, 22].map((count) => describeCount(count, limits, messages, "pl")),
    ["1 słowo", "3 słowa", "5 słów", "22 słowa"]
  );
  assert.equal(describeCount(5, limits, MESSAGES, "pl"), "5 words");
});

test("limits may be missing", () => {
  assert.deepEqual(limitsOf({ least: "100", most: "180", unit: "characters" }), {
    least: 100,
    most: 180,
    count: countCharacters
  });
  assert.deepEqual(limitsOf({}), { least: 0, most: Infinity, count: countWords });
});

test("the count says what is left to do", () => {
  const limits = { least: 100, most: 180, count: countWords };
  assert.equal(describeCount(0, limits, MESSAGES), "0 words, at least 100 more to go");
  assert.equal(describeCount(1, limits, MESSAGES), "1 word, at least 99 more to go");
  assert.equal(describeCount(120, limits, MESSAGES), "120 words of at most 180");
  assert.equal(describeCount(181, limits, MESSAGES), "181 words, 1 too many");
  assert.equal(describeCount(3, { least: 0, most: Infinity, count: countWords }, MESSAGES), "3 words");
});

test("a text outside the limits is explained, one inside is not", () => {
  const limits = { least: 2, most: 3, count: countWords };
  assert.match(describeProblem("  ", limits, MESSAGES), /still empty/);
  assert.equal(describeProblem("one", limits, MESSAGES), "Your text has 1 word. Please write at least 2 words.");
  assert.equal(
    describeProblem("a b c d", limits, MESSAGES),
    "Your text has 4 words. Please shorten it to at most 3 words."
  );
  assert.equal(describeProblem("a b", limits, MESSAGES), "");
  assert.equal(describeProblem("a b c", limits, MESSAGES), "");
});

/** @param {(() => Response | Promise<never>)[]} answers */
const server = (answers) => {
  /** @type {string[]} */
  const bodies = [];
  globalThis.fetch = /** @type {any} */ (
    async (/** @type {string} */ _url, /** @type {{ body: string }} */ { body }) => {
      bodies.push(body);
      const answer = answers.shift();
      return answer ? answer() : Promise.reject(new Error("one request too many"));
    }
  );
  return bodies;
};

const SUBMISSION = { v: /** @type {const} */ (1), ticket: "t", text: "a\nb", comment: "", events: 7 };
const RECEIPT = { receipt: "R", finish: { kind: "done" } };
const good = () => new Response(JSON.stringify(RECEIPT));

test("a submission is posted until the server has it, the same each time", async () => {
  const bodies = server([
    () => Promise.reject(new TypeError("Failed to fetch")),
    () => new Response("bad gateway", { status: 502 }),
    () => new Response('{"error":{"code":"busy","message":"Busy","detail":null}}', { status: 503 }),
    () => new Response("<html>portal</html>"),
    () => new Response("{}"),
    good
  ]);
  /** @type {number[]} */
  const pauses = [];
  const receipt = await deliver("/s", SUBMISSION, async (seconds) => void pauses.push(seconds));
  assert.deepEqual(receipt, RECEIPT);
  assert.deepEqual(pauses, [1, 2, 4, 8, 16]);
  assert.deepEqual(new Set(bodies), new Set([JSON.stringify(SUBMISSION)]));
});

test("where answers come but cannot be read, it says so after the second", async () => {
  const failed = () => Promise.reject(new TypeError("Failed to fetch"));
  const opaque = () => Object.defineProperty(new Response(), "type", { value: "opaque" });
  server([failed, failed, opaque]);
  await assert.rejects(
    deliver("/s", SUBMISSION, async () => {}),
    Unreadable
  );
  const bodies = server([failed, failed, failed, failed, () => new Response(), good]);
  assert.deepEqual(
    await deliver("/s", SUBMISSION, async () => {}),
    RECEIPT,
    "an origin's own page can read, so it tries again"
  );
  assert.equal(bodies.length, 6);
});

for (const status of [400, 401, 403, 409, 413, 422]) {
  test(`a submission refused with ${status} is not tried again, and the reason is shown`, async () => {
    const bodies = server([
      () => new Response('{"error":{"code":"x","message":"Please shorten it.","detail":null}}', { status })
    ]);
    const never = () => Promise.reject(new Error("no second try"));
    await assert.rejects(
      deliver("/s", SUBMISSION, never),
      (error) => error instanceof Refused && error.message === "Please shorten it."
    );
    assert.equal(bodies.length, 1);
  });
}

test("a refusal without a reason still says something", async () => {
  server([() => new Response("no json", { status: 418 }), good]);
  assert.deepEqual(await deliver("/s", SUBMISSION, async () => {}), RECEIPT, "not our server's answer, so tried again");
  server([() => new Response("{}", { status: 418 })]);
  await assert.rejects(
    deliver("/s", SUBMISSION, async () => {}),
    /418/
  );
});

/** @param {object[]} drafts */
const draftServer = (drafts) => server(drafts.map((draft) => () => new Response(JSON.stringify(draft))));

/** @param {string} value @param {string} [defaultValue] */
const answerBox = (value, defaultValue = value) =>
  /** @type {HTMLTextAreaElement} */ (/** @type {unknown} */ ({ value, defaultValue, readOnly: false }));

test("the draft is asked for until the page before has told its end", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const bodies = draftServer([
    { text: "Shade", settled: false },
    { text: "Shade helps.", settled: true }
  ]);
  const box = answerBox("Sha");
  const done = catchUp(box, "/draft", "t");
  await settle();
  assert.deepEqual([box.value, box.readOnly], ["Shade", true]);
  t.mock.timers.tick(250);
  await done;
  assert.deepEqual([box.value, box.defaultValue, box.readOnly], ["Shade helps.", "Shade helps.", false]);
  assert.deepEqual(bodies, ['{"v":1,"ticket":"t"}', '{"v":1,"ticket":"t"}']);
});

/** Lets simulated time pass until the page writes again. @param {import("node:test").TestContext} t @param {HTMLTextAreaElement} box */
const waitedFor = async (t, box) => {
  const time = simulateTime(t);
  let over = false;
  let ms = 0;
  catchUp(box, "/draft", "t").then(() => (over = true));
  for (await settle(); !over; ms += 250) {
    assert.ok(ms < 20_000, "the page waits for good");
    await time.pass(250);
  }
  return ms;
};

test("a page before that does not tell its end is waited for a second and a half", async (t) => {
  draftServer(Array(30).fill({ text: "Shade", settled: false, missing: false }));
  const box = answerBox("");
  assert.equal(await waitedFor(t, box), 1500);
  assert.deepEqual([box.value, box.readOnly], ["Shade", false]);
});

test("what the page before has sent and is not there yet is waited for six seconds", async (t) => {
  draftServer(Array(30).fill({ text: "Shade", settled: false, missing: true }));
  const box = answerBox("");
  assert.equal(await waitedFor(t, box), 6000);
  assert.deepEqual([box.value, box.readOnly], ["Shade", false]);
});

test("a draft that a busy server, the line or a portal kept back is asked for again", async (t) => {
  const failures = [
    () => new Response("{}", { status: 503 }),
    () => Promise.reject(new TypeError("Failed to fetch")),
    () => new Response("<p>Please sign in")
  ];
  server([...failures, () => new Response(JSON.stringify({ text: "Shade helps.", settled: true, missing: false }))]);
  const box = answerBox("Shade");
  assert.equal(await waitedFor(t, box), 750);
  assert.deepEqual([box.value, box.readOnly], ["Shade helps.", false]);
});

test("what the browser restored stays", async () => {
  draftServer([{ text: "Shade helps.", settled: true }]);
  const restored = answerBox("mine", "Shade");
  await catchUp(restored, "/draft", "t");
  assert.equal(restored.value, "mine");
});

test("without an answer the draft of the page stays", async (t) => {
  server([]);
  const alone = answerBox("Shade");
  assert.equal(await waitedFor(t, alone), 6000);
  assert.deepEqual([alone.value, alone.readOnly], ["Shade", false]);
});

test("a server that never answers does not keep the box closed", async (t) => {
  server(Array(3).fill(() => new Promise(() => {})));
  const box = answerBox("Shade");
  assert.equal(await waitedFor(t, box), 6250);
  assert.deepEqual([box.value, box.readOnly], ["Shade", false]);
});

test("an answer that says nothing does not keep the box closed", async (t) => {
  server([() => new Response("null")]);
  const box = answerBox("Shade");
  assert.equal(await waitedFor(t, box), 0);
  assert.deepEqual([box.value, box.readOnly], ["Shade", false]);
});

test("who may not ask is not kept waiting", async (t) => {
  server([() => new Response('{"error":{"code":"ticket_expired"}}', { status: 401 })]);
  const box = answerBox("Shade");
  assert.equal(await waitedFor(t, box), 0);
  assert.deepEqual([box.value, box.readOnly], ["Shade", false]);
});

/** @param {import("node:test").TestContext} t @param {string} [written] */
const makeQuestion = (t, written = "") => {
  class HTMLDetailsElement {
    open = false;
  }
  const known = Object.getOwnPropertyDescriptor(globalThis, "HTMLDetailsElement");
  Object.defineProperty(globalThis, "HTMLDetailsElement", { configurable: true, value: HTMLDetailsElement });
  t.after(() => {
    if (known) Object.defineProperty(globalThis, "HTMLDetailsElement", known);
    else Reflect.deleteProperty(globalThis, "HTMLDetailsElement");
  });
  const question = new HTMLDetailsElement();
  const box = Object.assign(new EventTarget(), { value: written });
  const source = { textContent: "Trees give shade.\nPeople walk in it." };
  askAtPaste(/** @type {any} */ (box), /** @type {any} */ (source), /** @type {any} */ (question));
  /** @param {"paste" | "drop"} type @param {string} text */
  const bring = (type, text) => {
    const data = { getData: (/** @type {string} */ format) => (format === "text/plain" ? text : "") };
    const name = type === "paste" ? "clipboardData" : "dataTransfer";
    box.dispatchEvent(Object.assign(new Event(type), { [name]: data }));
    return question.open;
  };
  return { bring, question };
};

for (const type of /** @type {const} */ (["paste", "drop"])) {
  test(`the worker's own text and the item's do not open the question by ${type}, foreign text does`, (t) => {
    const { bring, question } = makeQuestion(t, "I think that shade helps.");
    assert.equal(bring(type, "shade helps"), false);
    assert.equal(bring(type, " Trees give shade.\n"), false);
    assert.equal(bring(type, "  \n"), false);
    assert.equal(bring(type, ""), false);
    assert.equal(bring(type, "Shade plays a pivotal role."), true);
    question.open = false;
    assert.equal(bring(type, "Trees give shade. And more."), true);
  });
}

test("a paste of files, or on a page that does not ask, opens nothing", (t) => {
  const { question } = makeQuestion(t);
  const box = new EventTarget();
  askAtPaste(/** @type {any} */ (box), null, /** @type {any} */ (question));
  box.dispatchEvent(Object.assign(new Event("paste"), { clipboardData: null }));
  askAtPaste(/** @type {any} */ (box), null, null);
  box.dispatchEvent(new Event("drop"));
  assert.equal(question.open, false);
});
