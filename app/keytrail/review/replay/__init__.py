"""A session as a person sees it again: replay, timeline, text account, clipboard."""
