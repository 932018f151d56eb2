"""How the core reads and writes: databases, the unit of work, the vault and the file store."""
