// @ts-check
/**
 * As much of a page as the recorder looks at. Events are plain objects, so that a test can say what a browser would not let it
 * say, such as isTrusted. What needs a real document (ranges, layout) is tested in tests/browser.
 */

/** @typedef {Record<string, unknown> & { type: string, target: unknown, isTrusted: boolean, timeStamp: number }} Happening */
/** @typedef {import("../../static/recorder/types.js").Entry} Entry */

class Target {
  /** @type {Map<string, ((event: Happening) => void)[]>} */
  listeners = new Map();

  /** @param {string} type @param {(event: Happening) => void} listener @param {{ signal?: AbortSignal, capture?: boolean, passive?: boolean }} options */
  addEventListener(type, listener, { signal } = {}) {
    const known = this.listeners.get(type) ?? [];
    this.listeners.set(type, known);
    known.push(listener);
    signal?.addEventListener("abort", () => known.splice(known.indexOf(listener), 1));
  }

  /** @param {Happening} event */
  hear(event) {
    for (const listener of [...(this.listeners.get(event.type) ?? [])]) listener(event);
  }
}

export class Box extends Target {
  value = "";
  defaultValue = "";
  selectionStart = 0;
  selectionEnd = 0;

  /** As a node, which contains itself. @param {unknown} node */
  contains(node) {
    return node === this;
  }

  /** Replaces the selection, as the browser does between beforeinput and input. @param {string} text @param {number} [from] @param {number} [to] */
  replace(text, from = this.selectionStart, to = this.selectionEnd) {
    this.value = this.value.slice(0, from) + text + this.value.slice(to);
    this.select(from + text.length);
  }

  /** @param {number} start @param {number} [end] */
  select(start, end = start) {
    this.selectionStart = start;
    this.selectionEnd = end;
  }
}

/** @param {import("node:test").TestContext} t */
export const makePage = (t) => {
  const window = new Target();
  const box = new Box();
  const document = Object.assign(new Target(), {
    hidden: false,
    visibilityState: "visible",
    activeElement: /** @type {unknown} */ (null),
    hasFocus: /** @returns {boolean} */ () => true
  });
  const globals = {
    window,
    document,
    top: globalThis,
    self: globalThis,
    innerWidth: 800,
    innerHeight: 600,
    matchMedia: () => ({ matches: true }),
    navigator: { userAgent: "Test", language: "en", maxTouchPoints: 0, webdriver: false, sendBeacon: () => true },
    IntersectionObserver: class {
      observe() {}
      disconnect() {}
    }
  };
  for (const [name, value] of Object.entries(globals)) {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value });
    t.after(() =>
      before ? Object.defineProperty(globalThis, name, before) : Reflect.deleteProperty(globalThis, name)
    );
  }

  /** As events travel: window, document, and the target itself. @param {Target} target @param {string} type @param {Record<string, unknown>} [fields] */
  const fire = (target, type, fields = {}) => {
    const event = { type, target, isTrusted: true, timeStamp: performance.now(), ...fields };
    for (const place of new Set([window, document, target]))
      if (place === target || target !== window) place.hear(event);
  };

  /** A person's edit: announced, made, told. @param {string} inputType @param {string} text @param {Record<string, unknown>} [fields] */
  const edit = (inputType, text, fields = {}) => {
    const event = { inputType, data: text, isComposing: false, defaultPrevented: false, ...fields };
    fire(box, "beforeinput", event);
    box.replace(text);
    fire(box, "input", event);
  };

  return { window, document, box, fire, edit };
};

/**
 * The recorder's own `on` and `add` in short, for a module alone.
 *
 * @returns {{ entries: Entry[], on: import("../../static/recorder/types.js").On, log: import("../../static/recorder/types.js").Log }}
 */
export const makeRecorder = () => {
  /** @type {Entry[]} */
  const entries = [];
  const log = {
    count: 0,
    held: [],
    batches: [],
    add: (/** @type {Entry} */ entry) => void entries.push(entry),
    cut() {}
  };
  /** @type {any} */
  const on = (
    /** @type {Target} */ target,
    /** @type {string} */ names,
    /** @type {(event: Happening) => any} */ handler
  ) => {
    for (const name of names.split(" ")) {
      target.addEventListener(name, (event) => {
        const entry = handler(event);
        if (entry) entries.push(entry);
      });
    }
  };
  return { entries, on, log };
};
