"""What an answered form does at once: one small file per form that does something."""
