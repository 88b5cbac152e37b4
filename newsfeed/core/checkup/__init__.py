"""Judge a running site: its machine, its names in DNS, and the way of its mails. Pure.

What has to be asked for in DNS is asked for by generators (`newsfeed.core.checkup.asking`): they yield
questions, are sent answers and return a verdict, so that no network is needed to test them.
"""
