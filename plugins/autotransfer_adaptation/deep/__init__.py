"""Deep adaptation: a network whose representation of source and target becomes alike while it learns the source's task.

All methods of this folder share a network, its training and the form of the rows: see ``method.py``.
"""
