"""The parts of the cross-lingual benchmark."""
