"""Parts of the zero-shot benchmark."""
