"""Audience 1: workers, in a marketplace's frame, without cookies."""
