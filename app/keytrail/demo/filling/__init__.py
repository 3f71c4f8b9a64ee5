"""Fill a new demo: studies, simulated work at the sandbox marketplace, decisions and payments."""
