"""Simulated people: how they type, change their minds, copy and paste. Plans of a session, without a browser."""
