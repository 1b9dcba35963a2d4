"""procmatch: public tenders, linked lot by lot to small sustainable suppliers nearby."""
