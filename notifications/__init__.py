"""What we say to people and other systems, and how it leaves the building."""
