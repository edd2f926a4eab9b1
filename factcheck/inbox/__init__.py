"""What readers ask of the editors: to check something, or to look at a verdict again."""
