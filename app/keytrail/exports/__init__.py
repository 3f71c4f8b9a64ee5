"""Export a study's submissions, reports, findings, events and decisions as files."""
