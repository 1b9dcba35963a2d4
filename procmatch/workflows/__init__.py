"""The four verbs: ingest, link, match, alert. Each is a function of (store, settings, clock)."""
