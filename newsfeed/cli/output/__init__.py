"""The only printing: problems, results, people and progress, for people and for programs.

Sentences are translated here, into the language of whoever runs the command.
"""
