"""One file per verb: what a command does to a case, inside the unit of work it is given."""
