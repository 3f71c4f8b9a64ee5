"""Replay of a stored session: player steps, timeline, narrative, clipboard."""
