"""What happens when a process reaches a service task, and when a form takes effect at once."""
