"""Text: normalised names, languages, Norwegian stems, and sentences for people."""
