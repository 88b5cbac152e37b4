"""The only printing: results, problems and progress, for people and for programs.

Results go to standard output, everything beside a result to standard error; colours and progress only to
a terminal. Sentences are translated here, into the language of whoever runs the command.
"""
