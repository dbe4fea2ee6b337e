"""Parts of ``python -m benchmarks selector``, one file each."""
