"""Simulated people: how they type, revise, copy and paste. Plans of sessions, without a browser."""
