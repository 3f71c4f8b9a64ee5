"""The vocabulary of closed-class English words that delexicalised n-grams keep, and the endings that stand for all
others.

Written for this project by grammatical category (determiners, pronouns, prepositions, conjunctions, auxiliaries,
quantifiers, adverbs that join or hedge); nothing is downloaded. Contractions have no apostrophe, because normalised
tokens have none.
"""

_DETERMINERS = """
a an the this that these those each every either neither both all any some no such another other others same
which what whose whichever whatever half
"""
_PRONOUNS = """
i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers
herself it its itself they them their theirs themselves one ones oneself who whom whoever someone somebody
something anyone anybody anything everyone everybody everything nobody nothing none
"""
_PREPOSITIONS = """
about above across after against along amid among amongst around as at before behind below beneath beside besides
between beyond by concerning despite down during except following for from in including inside into like near of
off on onto out outside over per regarding since than through throughout till to toward towards under underneath
unlike until up upon versus vs via with within without
"""
_CONJUNCTIONS = """
and or but nor so yet if because although though while whereas unless whether when whenever where wherever why how
however therefore thus hence moreover furthermore additionally also likewise similarly meanwhile nevertheless
nonetheless otherwise instead rather overall consequently accordingly then afterwards afterward finally firstly
secondly thirdly lastly specifically particularly especially namely eg ie etc due based compared according
"""
_AUXILIARIES = """
am is are was were be been being have has had having do does did doing done can could may might must shall should
will would ought need dare cannot cant dont doesnt didnt isnt arent wasnt werent hasnt havent hadnt wont wouldnt
couldnt shouldnt im ive id ill youre theyre weve were its thats theres lets
"""
_QUANTIFIERS = """
many much more most few fewer fewest little less least several enough lot lots plenty various numerous
two three four five six seven eight nine ten first second third last next once twice only own
"""
_ADVERBS = """
not never ever always often sometimes usually generally rarely seldom again already still just even quite very too
almost nearly about approximately roughly mainly mostly largely perhaps maybe possibly probably likely unlikely
there here now today ago later earlier soon together apart away back well further else indeed respectively
significantly potentially
"""

FUNCTION_WORDS = frozenset(
    f"{_DETERMINERS} {_PRONOUNS} {_PREPOSITIONS} {_CONJUNCTIONS} {_AUXILIARIES} {_QUANTIFIERS} {_ADVERBS}".split()
)
"""Words that show how something is said rather than what it is about."""

_MARKERS = "the of and to in a is was that for it with as were are by on be this from had not or have an at which but"
ENGLISH_MARKERS = frozenset(_MARKERS.split())
"""Words that make up about a third of any English prose, used to detect other languages."""

_ENDINGS = """
ings ing tions sions tion sion ments ment ness ities ity ances ance ences ence ical ially ally ly ious ous ative ive
able ible al ic ful less ised ized ated ed ists ist ism ers er est ors or ies es s y e
"""

ENDINGS = tuple(sorted(_ENDINGS.split(), key=len, reverse=True))
"""Derivational and inflectional endings, longest first: a word class without a tagger."""
