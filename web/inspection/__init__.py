"""Looking into the files of opened bids, each in a child process that may die: facts for the committee.

Nothing here is imported by the child but `worker` and what it reads files with; nothing there is run by
the server.
"""
