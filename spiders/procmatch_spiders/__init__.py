"""Scrapy spiders that fetch politely and hand raw answers to ``procmatch.workflows``."""
