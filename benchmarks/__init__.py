"""Benchmarks of the project: ``python -m benchmarks NAME``. Not part of the installed package."""
