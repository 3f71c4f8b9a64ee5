"""Time in the page as a stream tells it, with real trusted events: minutes pass in seconds.

Each trusted key event takes the next wait from a queue before anything of the page hears of it. Between key events the
clock runs on as the machine's own for 20 ms, so that the recorder finds its resolution, and then stands: on a busy
machine it would run ahead of the next key.
"""

from typing import Final

CLOCKWORK: Final = """(() => {
  const real = performance.now.bind(performance), wall = Date.now() - real(), waits = [];
  let at = real(), since = at;
  const now = () => at + Math.min(real() - since, 20);
  const pass = (ms) => { at += ms; since = real(); };
  performance.now = now;
  Date.now = () => wall + now();
  Object.defineProperty(Event.prototype, "timeStamp", { get: () => at });
  const step = (event) => { if (event.isTrusted && waits.length) pass(waits.shift()); };
  addEventListener("keydown", step, true);
  addEventListener("keyup", step, true);
  globalThis.clockwork = { pass, queue: (list) => waits.push(...list) };
})()"""
PASS: Final = "(ms) => clockwork.pass(ms)"
QUEUE: Final = "(list) => clockwork.queue(list)"
