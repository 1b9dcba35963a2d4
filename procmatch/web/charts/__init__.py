"""Charts as SVG, made on the server: pure functions of their figures.

Colours and type come from the style sheet, so that they follow the reader's light or dark page;
behind each chart the page has its figures as a table.
"""

from procmatch.web.charts.bars import Bar, bars
from procmatch.web.charts.spans import Stretch, stretches
from procmatch.web.charts.supply_map import Town, supply_map

__all__ = ["Bar", "Stretch", "Town", "bars", "stretches", "supply_map"]
