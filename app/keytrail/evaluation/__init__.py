"""Evaluate the rules on labelled sessions: false alarms on honest writers."""
