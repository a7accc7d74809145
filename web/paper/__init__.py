"""What the platform prints: records, sheets and receipts as PDF, the same bytes whenever printed again.

Everything on the page comes from the data it is given, times included. Printing and signing are
synchronous and take tens of milliseconds: `web.paper.press` runs them in a thread of its own.
"""
