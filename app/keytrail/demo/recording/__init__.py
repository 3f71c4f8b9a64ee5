"""Record simulated people at the real pages: the cast, playing a plan in a browser, storing the log."""
