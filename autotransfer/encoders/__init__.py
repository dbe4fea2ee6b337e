"""Built-in encoders, one a file: raw rows of one modality to finite float32 features."""
