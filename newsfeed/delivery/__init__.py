"""The deliver verb: what is due is frozen into issues, and issues are handed to a channel.

`preview` composes without a memory; `freeze` plans an issue into the ledger; `sender` hands it
over, message by message; `rounds` does all that is due.
"""
