"""What happened to arms in past runs, a row an arm: kept, gathered, and turned into what the foresight learns from.

Rows are flat JSON objects in plain files; nothing in them is unpickled or executed.
"""
