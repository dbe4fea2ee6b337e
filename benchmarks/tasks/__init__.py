"""Tasks of the benchmarks: public data sets cut into a small labelled target, sources and a test file."""
