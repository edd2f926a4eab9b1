"""People, their roles, how they sign in, their tokens, and the audit log of what they did."""
