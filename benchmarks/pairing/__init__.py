"""Parts of the multimodal benchmark."""
