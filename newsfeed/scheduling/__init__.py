"""The clock of a running service: jobs that wake its verbs, and the signal that ends it.

What is due is asked of the ledger, the repository or the library, never of a job: one that comes late, twice
or not at all changes nothing but when somebody looks.
"""
