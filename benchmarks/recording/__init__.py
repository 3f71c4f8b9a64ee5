"""Parts of the recorder's benchmark."""
