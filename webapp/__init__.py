"""The doors: everything that speaks HTTP, starts programs and connects the parts."""
