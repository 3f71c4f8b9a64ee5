"""Import logs that were recorded elsewhere as writing sessions."""
