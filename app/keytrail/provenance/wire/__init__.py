"""The wire format: the vocabulary of events, their shapes, and how they are read."""
