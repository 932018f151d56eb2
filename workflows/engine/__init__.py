"""What moves a case: reads diagrams, checks them, and steps a case from one state to the next."""
