"""An item drawn as a picture stays whole in any font: measured in a real browser."""

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from keytrail.worker.picture import picture_of

TEXTS = {
    "english": "WWW MMMM: Older adults made the largest detours, and “amber” light (590 nm) helped them least. " * 3,
    "arabic": "تقول الدراسة إن الضوء الخافت في الليل يساعد كبار السن على النوم بصورة أفضل. " * 3,
    "hindi": "रात की हल्की रोशनी बुज़ुर्गों को बेहतर नींद लेने में मदद करती है। " * 3,
    "chinese": "研究表明夜间柔和的灯光有助于老年人睡得更好。" * 6,
    "unbroken": "Donaudampfschifffahrtsgesellschaft" * 4,
}
FONTS = Path(__file__).parents[2] / "node_modules" / "@fontsource"
# A condensed, a monospaced, a broad serif and an Arabic family: an "m" is from 0.6 to 0.95 em wide in them.
FAMILIES = {
    "oswald": "oswald-latin-400-normal",
    "jetbrains-mono": "jetbrains-mono-latin-400-normal",
    "playfair-display": "playfair-display-latin-400-normal",
    "amiri": "amiri-arabic-400-normal",
}
LOAD = """async ([name, data]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  document.fonts.add(await new FontFace(name, bytes).load());
}"""
# The left and the right edge of each line, drawn in this font, with its words and its width if it were not fitted.
MEASURE = """([svg, font]) => {
  document.body.innerHTML = svg;
  const drawn = document.querySelector("svg");
  drawn.setAttribute("font-family", `"${font}"`);
  return [...drawn.querySelectorAll("text")].map((line) => {
    const { x, width } = line.getBBox();
    line.removeAttribute("textLength");
    return [x, x + width, line.textContent, line.getBBox().width];
  });
}"""


def measure(page: Page, text: str, font: str) -> list[tuple[int, list[tuple[float, float, str, float]]]]:
    """The lines of a text's pictures, with each picture's width."""
    picture = picture_of(text)
    drawn = []
    for address, width in ((picture.wide, 560), (picture.narrow, 320)):
        svg = base64.b64decode(address.partition(",")[2]).decode()
        drawn.append((width, [tuple(line) for line in page.evaluate(MEASURE, [svg, font])]))
    return drawn


def load(page: Page, font: str) -> None:
    file = FONTS / font / "files" / f"{FAMILIES[font]}.woff2"
    page.evaluate(LOAD, [font, base64.b64encode(file.read_bytes()).decode()])


@pytest.mark.parametrize("font", FAMILIES)
def test_no_line_leaves_the_picture_whatever_the_font_measures(chromium: Browser, font: str) -> None:
    page = chromium.new_page()
    try:
        load(page, font)
        for text in TEXTS.values():
            for width, lines in measure(page, text, font):
                assert "".join("".join(words.split()) for *_, words, _ in lines) == "".join(text.split())
                assert all(left >= 0 and right <= width for left, right, *_ in lines), lines
    finally:
        page.close()


def test_these_families_differ_and_some_lines_would_not_fit_by_themselves(chromium: Browser) -> None:
    """Otherwise the test above would pass without fitting anything."""
    page = chromium.new_page()
    try:
        natural = {}
        for font, script in [*((font, "english") for font in FAMILIES if font != "amiri"), ("amiri", "arabic")]:
            load(page, font)
            (width, lines), _ = measure(page, TEXTS[script], font)
            natural[font] = max(own for *_, own in lines) / width
        assert natural["oswald"] < 0.9 * natural["playfair-display"] < natural["jetbrains-mono"]
        assert natural["jetbrains-mono"] > 1.05
    finally:
        page.close()


def test_a_text_from_right_to_left_begins_at_the_right(chromium: Browser) -> None:
    page = chromium.new_page()
    try:
        load(page, "amiri")
        (_, lines), _ = measure(page, TEXTS["arabic"], "amiri")
        assert all(right == pytest.approx(558, abs=2) for _, right, *_ in lines)
    finally:
        page.close()
