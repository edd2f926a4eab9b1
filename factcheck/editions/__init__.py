"""Publishing: editions, the transparency log, and the public site that is made from them alone."""
