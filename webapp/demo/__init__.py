"""A demo office that one can walk through: real bodies, invented people, cases at every stage."""
