"""The sealed envelopes: uploaded in parts, submitted, replaced, withdrawn; never opened here."""
