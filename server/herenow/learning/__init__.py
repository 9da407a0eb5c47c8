"""What is learned of people and of an app: pure formulas over counts, without clock, files or network.

A module a question: where next, when, what, how often they come back, which offer. Each takes counts and
parameters and answers numbers; batch fits (``fit_*``) yield the small parameter sets that servers publish.
"""
