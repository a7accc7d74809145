"""From the draft of a tender to its deadline: notice, documents, amendments, questions, keys, calendar."""
