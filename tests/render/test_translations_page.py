"""The plot of the coverage, and the page around it."""

from itertools import pairwise

from lxml import etree

from newsfeed.render.coverage_plot import PlotLine, draw_coverage

SVG = "{http://www.w3.org/2000/svg}"
PERCENTS = ("0 %", "50 %", "100 %")


def drawn(lines, months):
    """The drawing, parsed as XML."""
    return etree.fromstring(draw_coverage(lines, months, "Part <of> all", PERCENTS))


def test_lines_carry_names_and_differ_without_colours():
    """Each has dashes of its own, and a name at its end; no name covers another."""
    lines = [PlotLine(name, [1.0, share]) for name, share in (("Ä", 1.0), ("B", 0.5), ("C", 0.5), ("D", 0.0))]
    svg = drawn(lines, [(2030, 1), (2031, 3)])
    ways = svg.findall(f"{SVG}path")
    assert len({way.get("stroke-dasharray") for way in ways}) == len(ways) == 4
    assert not svg.xpath("//@fill | //@stroke")
    names = [text for text in svg.findall(f"{SVG}text") if text.get("class") == "name"]
    assert [text.text for text in names] == ["Ä", "B", "C", "D"]
    heights = sorted(float(text.get("y")) for text in names)
    assert min(two - one for one, two in pairwise(heights)) >= 15
    assert svg.findtext(f"{SVG}title") == "Part <of> all"


def test_many_languages_at_the_bottom_stay_in_the_picture():
    """Their names go up."""
    svg = drawn([PlotLine(str(number), [0.0]) for number in range(6)], [(2030, 1)])
    heights = [float(text.get("y")) for text in svg.findall(f"{SVG}text") if text.get("class") == "name"]
    assert max(heights) < 260 - 20
    assert len(set(heights)) == 6


def test_years_are_named_as_far_as_there_is_room():
    """No more than nine of them."""
    svg = drawn([PlotLine("A", [0.0, 1.0])], [(1990, 6), (2030, 1)])
    years = [text.text for text in svg.findall(f"{SVG}text") if text.get("text-anchor") == "middle"]
    assert years == ["1991", "1996", "2001", "2006", "2011", "2016", "2021", "2026"]
