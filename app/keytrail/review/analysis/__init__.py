"""From a stored log to a stored report."""
