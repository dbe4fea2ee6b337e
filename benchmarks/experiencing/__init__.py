"""Runs of cheap methods on many small targets, of which the experience that ships with the package is made."""
