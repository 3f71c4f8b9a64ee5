"""From stored logs to reports, and from reports to decisions."""
