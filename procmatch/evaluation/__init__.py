"""Evaluation: how well is what procmatch says true, on folders of labelled data?

What any task needs lies here (folders, measures, intervals, run files, plots); the tasks of one
part of procmatch lie in a package of their own.
"""
