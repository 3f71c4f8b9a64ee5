"""Telling people and programs of a study: what happened (raising), messages (composing), and sending them.

Messages wait in a table until they are sent, so that none is lost when a server stops.
"""
