"""Benchmarks, which print figures. None of them is a test."""
