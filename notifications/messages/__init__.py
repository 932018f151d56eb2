"""Messages: what people are told inside the product and by e-mail, in their language."""
