"""Low-rank adaptation of linear layers: operators, functions, and modules that wrap a layer."""
