"""Requests to platforms (publishing, paying, excluding): queued first, then sent by a person.

Names are imported from the modules, so that a command that only lists requests does not load what sends them.
"""
