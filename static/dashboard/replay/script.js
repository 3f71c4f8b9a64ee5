// @ts-check
/**
 * The text at any step. The server decides what each step does; here it is only applied.
 *
 * @typedef {import("./types.js").Run} Run
 * @typedef {import("./types.js").Step} Step
 * @typedef {import("./types.js").State} State
 */

const KEEP_EVERY = 100;

/**
 * @param {readonly Run[]} runs
 * @param {number} start
 * @param {number} end  UTF-16 units, exclusive
 * @returns {Run[]}
 */
function cut(runs, start, end) {
  const pieces = [];
  let at = 0;
  for (const run of runs) {
    const from = Math.max(start - at, 0);
    const until = Math.min(end - at, run.text.length);
    if (from < until) {
      pieces.push({ text: run.text.slice(from, until), look: run.look });
    }
    at += run.text.length;
  }
  return pieces;
}

/**
 * @param {Run[]} runs
 * @returns {Run[]}  neighbours with the same look joined
 */
function joined(runs) {
  /** @type {Run[]} */
  const result = [];
  for (const run of runs) {
    const last = result.at(-1);
    if (last && last.look === run.look) {
      result[result.length - 1] = { text: last.text + run.text, look: run.look };
    } else {
      result.push(run);
    }
  }
  return result;
}

/**
 * @param {State} state
 * @param {Step} step
 * @returns {State}
 */
export function applyStep(state, [, , pos, deleted, inserted, lengths]) {
  const came = [];
  let at = 0;
  for (const [length, look] of lengths) {
    came.push({ text: inserted.slice(at, at + length), look });
    at += length;
  }
  const runs = joined([...cut(state.runs, 0, pos), ...came, ...cut(state.runs, pos + deleted, Infinity)]);
  return { runs, caret: pos + inserted.length };
}

/** All steps of a session, with the text cached after every hundredth so that seeking is fast. */
export class Script {
  /** @param {Step[]} steps */
  constructor(steps) {
    this.steps = steps;
    /** @type {State[]} */
    this.states = [{ runs: [], caret: 0 }];
    /** @type {{ done: number, state: State }} */
    this.last = { done: 0, state: { runs: [], caret: 0 } };
  }

  /**
   * @param {number} ms  moment of the session
   * @returns {number}  the number of steps until then
   */
  doneBy(ms) {
    let low = 0;
    let high = this.steps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.steps[middle]?.[0] ?? Infinity) <= ms) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * @param {number} done  number of steps
   * @returns {State}  the text after them
   */
  after(done) {
    let { done: at, state } = this.last;
    const nearest = Math.min(Math.floor(done / KEEP_EVERY), this.states.length - 1);
    if (at > done || at < nearest * KEEP_EVERY) {
      at = nearest * KEEP_EVERY;
      state = /** @type {State} */ (this.states[nearest]);
    }
    while (at < done) {
      state = applyStep(state, /** @type {Step} */ (this.steps[at]));
      at += 1;
      if (at % KEEP_EVERY === 0 && this.states.length === at / KEEP_EVERY) {
        this.states.push(state);
      }
    }
    this.last = { done: at, state };
    return state;
  }
}
