"""The demonstration: a whole tender in minutes, on real files, real keys and a real server.

Its people are invented, their doings are not: each acts through the HTTP API and the sockets alone, with
a certificate and keys of its own, as anyone could.
"""
