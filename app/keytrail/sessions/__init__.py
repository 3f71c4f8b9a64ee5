"""Writing sessions: consent, event log, submission."""
