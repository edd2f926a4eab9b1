"""Earlier checks that others published: taken in, searched, offered beside a claim like them."""
