"""Tell languages apart, roughly: whether one text may be a translation of another."""

import unicodedata
from collections import Counter
from typing import Final

_COMMON_WORDS: Final = {
    "en": "the of and to in a is that for it was with be not are this have they on as but can",
    "es": "de la que el en y los se del las por un para con no una su al es lo como más pero cuando hay",
    "fr": "de la le et les des en un du une que est pour qui dans par plus pas au sur ne se ce il sont avec quand je",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an dass wenn sie",
    "it": "di e il la che in a per un è del non si con una i da le dei sono come più ma anche gli quando",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas quando há",
    "nl": "de van het een en in is dat op te zijn met voor niet die er aan om ook als bij maar ze",
    "pl": "w i na z się nie do że to jest o jak po od za co ale ich przez są który gdy kiedy",
    "ro": "de și în la a care cu pe un o din pentru nu este să mai că ce sunt au se când",
    "cs": "a se v na je že s z do o i k to jako za pro ale by jsou po který když",
    "hu": "a az és hogy nem is egy de ha van meg csak mint már még akkor ez vagy lehet amikor",
    "sv": "och i att det som en på är av för med den till inte om ett de har var men när",
    "da": "og i at det er en til af på for med den der de som ikke har et var men når jeg",
    "fi": "ja on ei se että oli hän mutta ovat kun niin myös joka ole tai kuin sen he jos",
    "tr": "ve bir bu da de için ile çok daha olarak ama gibi kadar olan ne en o var ben zaman",
    "id": "yang dan di dengan untuk itu ini dari dalam tidak ke pada akan juga adalah karena bisa orang saya ada",
    "tl": "ang ng sa na mga at ay si ko hindi ito kung para may ako mo siya kapag kasi dahil",
    "sw": "ya na wa kwa ni katika za la cha kama hii lakini au yake ambao hivyo kuwa watu sana",
    "vi": "và của là có không cho các được một trong những người với khi để này đã tôi nhiều vì",
    "hr": "i je u se na da su za od s a što ne o kao ali bi to koji kada",
}
_SHARE: Final = 0.15
"""Running text has twice as many of its language's common words."""
_LEAST_WORDS: Final = 6
_LEAST_LETTERS: Final = 12
"""Different letters of a text in another script; fewer are no text."""
_WORDS: Final = {language: frozenset(words.split()) for language, words in _COMMON_WORDS.items()}


def language_of(text: str) -> str:
    """Return the language of a Latin text or the script of another; empty where neither is clear."""
    letters = [char for char in text.casefold() if char.isalpha()]
    scripts = Counter(unicodedata.name(char, "?").partition(" ")[0] for char in letters)
    if not scripts:
        return ""
    script, count = scripts.most_common(1)[0]
    if script != "LATIN":
        return script if 2 * count > len(letters) and len(set(letters)) >= _LEAST_LETTERS else ""
    words = ["".join(filter(str.isalpha, word)) for word in unicodedata.normalize("NFC", text.casefold()).split()]
    if len(words) < _LEAST_WORDS:
        return ""
    known = {language: sum(word in common for word in words) for language, common in _WORDS.items()}
    best = max(known, key=known.__getitem__)
    return best if known[best] >= _SHARE * len(words) else ""


def may_translate(old: str, new: str) -> bool:
    """Return whether `old` and `new` are in two languages that can be told apart."""
    before, after = language_of(old), language_of(new)
    return bool(before and after) and before != after
