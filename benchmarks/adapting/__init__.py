"""The parts of the adaptation benchmark."""
