"""What the benchmarks measure with is itself tested; no test asserts a time."""
