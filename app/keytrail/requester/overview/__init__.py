"""The overview of a study: figures, charts, live updates."""
