"""The token engine: a diagram as a flat program, a case as a value, a step as a function."""
