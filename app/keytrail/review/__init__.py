"""Review: analyse stored logs, and record reviewers' decisions."""
