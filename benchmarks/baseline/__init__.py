"""The plain way of doing casework: SpiffWorkflow, and an object for every row."""
