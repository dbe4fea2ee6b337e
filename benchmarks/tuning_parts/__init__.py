"""The parts of ``python -m benchmarks finetuning``: each module has ``measure(args)``, which gives rows and bars."""
