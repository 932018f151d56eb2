"""Rule packs: reading them, choosing between them, and those that are shipped."""
