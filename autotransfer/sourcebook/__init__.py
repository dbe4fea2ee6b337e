"""Books of sources: what is known of very many of them, so that few are opened.

A book holds a sketch of each source in one feature space. Against the sketch of a target all are scored, and the best
are opened: retrieval, then cheap scores on stored arrays, then the run's own estimators and trials on what is left.
"""
