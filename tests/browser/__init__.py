"""The product in Chromium: every page as it looks, and people's journeys through the doors."""
