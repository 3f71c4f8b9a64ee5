"""Replay: from events to a document in which every unit has an origin."""
