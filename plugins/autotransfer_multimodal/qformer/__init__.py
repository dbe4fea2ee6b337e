"""A small Q-Former: learned queries that ask a frozen image encoder."""
