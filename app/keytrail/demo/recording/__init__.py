"""Simulated people at the real pages: who takes part, how a plan is played into a browser, what is kept of it."""
