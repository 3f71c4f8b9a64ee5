"""Retention of stored data: erasure, rounding of old logs, daily maintenance."""
