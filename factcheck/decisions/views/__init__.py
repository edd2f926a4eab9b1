"""The pages on which a claim is reviewed and decided.

They stand in this room and not in `reviews`, since a review that is submitted may decide.
"""
