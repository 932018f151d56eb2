"""Effects of the outbox that need no other system: drawing letters, orders to linked cases."""
