"""What is being checked: how it comes in, its revisions, and the links in it."""
