"""An item drawn as a picture stays whole in any font: measured in a real browser."""

import base64

import pytest
from playwright.sync_api import Browser

from keytrail.worker.picture import picture_of

TEXTS = {
    "english": "WWW MMMM: Older adults made the largest detours, and “amber” light (590 nm) helped them least. " * 3,
    "arabic": "تقول الدراسة إن الضوء الخافت في الليل يساعد كبار السن على النوم بصورة أفضل. " * 3,
    "hindi": "रात की हल्की रोशनी बुज़ुर्गों को बेहतर नींद लेने में मदद करती है। " * 3,
    "chinese": "研究表明夜间柔和的灯光有助于老年人睡得更好。" * 6,
    "unbroken": "Donaudampfschifffahrtsgesellschaft" * 4,
}
# The left and the right edge of each line, drawn in this font, with its words.
MEASURE = """([svg, font]) => {
  document.body.innerHTML = svg;
  const drawn = document.querySelector("svg");
  drawn.setAttribute("font-family", font);
  return [...drawn.querySelectorAll("text")].map((line) => {
    const { x, width } = line.getBBox();
    return [x, x + width, line.textContent];
  });
}"""


@pytest.mark.parametrize("font", ["DejaVu Serif", "DejaVu Sans Mono", "DejaVu Serif Condensed"])
def test_no_line_leaves_the_picture_whatever_the_font_measures(chromium: Browser, font: str) -> None:
    page = chromium.new_page()
    try:
        for text in TEXTS.values():
            picture = picture_of(text)
            for address, width in ((picture.wide, 560), (picture.narrow, 320)):
                svg = base64.b64decode(address.partition(",")[2]).decode()
                lines = page.evaluate(MEASURE, [svg, font])
                assert "".join("".join(words.split()) for *_, words in lines) == "".join(text.split())
                assert all(left >= -0.5 and right <= width + 0.5 for left, right, _ in lines), lines
    finally:
        page.close()


def test_a_text_from_right_to_left_begins_at_the_right(chromium: Browser) -> None:
    page = chromium.new_page()
    try:
        svg = base64.b64decode(picture_of(TEXTS["arabic"]).wide.partition(",")[2]).decode()
        lines = page.evaluate(MEASURE, [svg, "DejaVu Sans"])
        assert all(right == pytest.approx(560, abs=1) for _, right, _ in lines)
    finally:
        page.close()
