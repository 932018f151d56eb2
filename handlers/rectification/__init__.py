"""What only a rectification needs: its ledger of items, its bodies, its measures (C3)."""
