"""Which part of the product carries which rule, and which test would notice if it were gone."""
