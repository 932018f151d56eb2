"""What a page may send where no declared form says so: one schema per question asked."""
