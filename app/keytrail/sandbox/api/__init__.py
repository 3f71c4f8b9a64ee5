"""The requester API: AWS JSON 1.1, as an unmodified AWS SDK speaks it."""
