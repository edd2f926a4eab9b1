"""factcheck: claims of an article, checked by people, published with their verdicts.

Nothing is imported here, so that a rule or the text engine can be used without Flask.
"""
