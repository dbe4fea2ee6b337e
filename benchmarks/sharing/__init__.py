"""Data sets of many tasks, and multi-task methods compared on them."""
