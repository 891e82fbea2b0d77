"""A real town hall to try things on, and signed applications to hand in: shared by the benchmarks and the tests."""
