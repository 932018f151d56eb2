"""One small file per operation that the diagrams name."""
