"""The first engine: SpiffWorkflow behind the facade, with its known traps closed."""
