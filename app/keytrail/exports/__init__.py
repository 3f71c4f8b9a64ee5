"""Data out of a study: submissions, reports, findings, events and decisions as files."""
