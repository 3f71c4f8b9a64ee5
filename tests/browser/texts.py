"""Texts written for the tests."""

ITEM = """\
Street trees cool cities, but how much shade a walking route needs before people choose it is not known. We asked 212 \
adults in two towns to carry a position logger for four weeks in July and August. Routes were matched with a map of \
tree crowns made from aerial photographs.

On days above 27 degrees, people walked 140 metres further on average to stay in the shade, and the chance of taking \
the shaded route doubled for every third of the way that was covered. Older adults made the largest detours. Below 22 \
degrees shade made no difference.

Planting along the routes that people already walk may protect more of them than planting where space is cheapest."""

FOREIGN = (
    "This investigation demonstrates a robust association between canopy coverage and pedestrian behaviour, "
    "underscoring the pivotal role of urban greenery in fostering climate resilience among vulnerable groups."
)
"""Stands neither in the item nor in what anybody types."""

OWN = "People take the shady way when it is hot"
"""Fewer than fifty characters: rules on rhythm need more, so a tool's even typing is not judged by them."""

SUMMARY = """\
Two towns took part in a study of shade. For four weeks in summer, people carried a small device that knew where they \
walked. When it was hot they took longer ways to stay under trees, and old people went out of their way the most. On \
cool days nobody cared. The authors say that trees belong where people walk already, not where there is room."""
"""What an honest worker might write of the item."""
