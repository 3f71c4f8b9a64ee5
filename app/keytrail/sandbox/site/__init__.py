"""The worker site: server-rendered pages."""
