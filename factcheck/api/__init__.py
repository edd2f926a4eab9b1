"""Version 1 of the JSON door: it parses, calls one action or query, and answers."""
