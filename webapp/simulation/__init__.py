"""An office simulated over months: the real services on the business clock, invented people."""
