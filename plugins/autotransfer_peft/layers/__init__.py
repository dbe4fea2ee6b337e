"""Layers that change a frozen network by few parameters. Importing a module here imports torch."""
