// Counts the main-thread time of each owner, a recorder or a control: every listener, timer and observer that it registers is
// timed, and those that it registers from within. What the browser itself does for them, and what follows a promise, is not counted.
const probe = (() => {
  const now = performance.now.bind(performance);
  const spent = {};
  const before = {};
  const perKey = {};
  let owner = "";

  const as = (name, run) => {
    const outer = owner;
    owner = name;
    const began = now();
    try {
      return run();
    } finally {
      if (!outer) spent[name] += now() - began;
      owner = outer;
    }
  };
  const timed = (callback) => {
    const name = owner;
    if (!name || !callback) return callback;
    const run = typeof callback === "function" ? callback : callback.handleEvent.bind(callback);
    return function (...args) {
      return as(name, () => run.apply(this, args));
    };
  };

  const listen = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (type, callback, options) {
    return listen.call(this, type, timed(callback), options);
  };
  for (const name of ["setTimeout", "setInterval", "requestAnimationFrame", "requestIdleCallback"]) {
    const original = window[name];
    window[name] = (callback, ...rest) => original.call(window, timed(callback), ...rest);
  }
  for (const name of ["MutationObserver", "IntersectionObserver", "ResizeObserver"]) {
    window[name] = class extends window[name] {
      constructor(callback, ...rest) {
        super(timed(callback), ...rest);
      }
    };
  }

  // A keystroke lasts from its keydown to the next one: keyup, input and what timers do in between belong to it.
  const next = () => {
    for (const name of Object.keys(spent)) {
      perKey[name].push(spent[name] - before[name]);
      before[name] = spent[name];
    }
  };
  const start = (name, run) => {
    spent[name] = before[name] = 0;
    perKey[name] = [];
    as(name, run);
  };
  return { start, perKey, startCounting: () => listen.call(window, "keydown", next, true) };
})();
