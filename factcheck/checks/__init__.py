"""Earlier checks that others published: taken in, searched, and offered beside a claim like them."""
