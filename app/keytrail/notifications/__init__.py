"""Notify people and programs about a study: raise messages, compose them and send them.

Messages wait in a table until they are sent, so that none is lost when a server stops.
"""
