"""Letters: what they say, frozen as data, and how they are drawn on paper."""
