"""What law, policy papers and the office lay down as numbers: dated, cited and ranked data."""
