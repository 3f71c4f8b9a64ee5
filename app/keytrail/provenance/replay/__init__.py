"""Replay events into a document in which every unit has an origin."""
