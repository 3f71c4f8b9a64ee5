"""Parts of the ingest benchmark."""
