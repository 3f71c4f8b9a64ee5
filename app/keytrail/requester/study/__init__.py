"""Setting up a study: its list, its form, its items."""
