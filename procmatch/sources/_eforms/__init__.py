"""The parts of the eForms reader; :mod:`procmatch.sources.eforms` is its public face."""
