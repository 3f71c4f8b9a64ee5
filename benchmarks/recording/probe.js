// Counts the main-thread time of each owner, a recorder or a control: every listener, timer and observer that it registers is
// timed, and those that it registers from within. Time of events counts apart from all time. What the browser itself does for
// them is not counted, nor what follows a promise, except that making a request is: only the recorder makes any.
const probe = (() => {
  const now = performance.now.bind(performance);
  const spent = {};
  const perKey = {};
  let owner = "";

  const as = (name, run, sort = "others") => {
    const outer = owner;
    owner = name;
    const began = now();
    try {
      return run();
    } finally {
      if (!outer) spent[name][sort] += now() - began;
      owner = outer;
    }
  };
  const timed = (callback, sort) => {
    const name = owner;
    if (!name || !callback) return callback;
    const run = typeof callback === "function" ? callback : callback.handleEvent.bind(callback);
    return function (...args) {
      return as(name, () => run.apply(this, args), sort);
    };
  };

  const listen = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (type, callback, options) {
    return listen.call(this, type, timed(callback, "events"), options);
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

  const request = window.fetch;
  window.fetch = (...args) => as("recorder", () => request.apply(window, args));

  // A keystroke lasts from its keydown to the next one: keyup, input and what timers do in between belong to it.
  const zero = (name) => (spent[name] = { events: 0, others: 0 });
  const next = () => {
    for (const [name, { events, others }] of Object.entries(spent)) {
      perKey[name].push([events, events + others]);
      zero(name);
    }
  };
  const start = (name, run) => {
    zero(name);
    perKey[name] = [];
    as(name, run);
  };
  // What passes before the first key, the start of the recorders above all, is no keystroke.
  const startCounting = () => {
    let first = true;
    listen.call(
      window,
      "keydown",
      () => {
        if (first) Object.keys(spent).forEach(zero);
        else next();
        first = false;
      },
      true,
    );
  };
  return { start, perKey, startCounting };
})();
