"""What may not be deployed: each file looks for one family of mistakes in a bundle."""
