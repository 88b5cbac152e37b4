"""The form in which people write who never use git: its fields, its rules, and where it keeps what they save.

The form is a program of others, Sveltia CMS or Decap CMS. Its configuration is made here, from our own keys.
"""
