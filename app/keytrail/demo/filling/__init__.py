"""What a new demo is filled with: studies, simulated work at the sandbox marketplace, decisions and payments."""
