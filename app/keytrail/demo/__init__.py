"""The demonstration: a study, its texts, and simulated sessions recorded through the real page."""
