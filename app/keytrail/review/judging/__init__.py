"""From reports to decisions: who has what on the desk, what was said of it, and by whom."""
