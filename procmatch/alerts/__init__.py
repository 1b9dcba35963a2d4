"""Alerts: a subscription's news become a digest, a letter, and a letter in a mailbox."""
