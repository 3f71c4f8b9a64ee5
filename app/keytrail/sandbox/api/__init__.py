"""The requester API: AWS JSON 1.1, compatible with unmodified AWS SDKs."""
