"""Running Keytrail: whether it is healthy, what it measures, copies of its data."""
