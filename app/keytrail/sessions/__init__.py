"""Writing sessions: from consent over the event log to the submission."""
