"""The demonstration: studies, texts, and simulated sessions recorded through the real page."""
