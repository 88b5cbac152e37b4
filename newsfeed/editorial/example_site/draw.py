"""Draw the pictures of the example site, and its leaflet: `python draw.py` in this folder.

The same program makes the same pictures every time; they are free for everybody, like the rest of the site.
"""

import itertools
import struct
import zlib
from collections.abc import Callable, Sequence
from math import hypot, pi, sin
from pathlib import Path

WIDTH, HEIGHT = 1200, 750
Colour = tuple[int, int, int]
Point = tuple[float, float]


class Canvas:
    """A picture whose edges are smooth: what covers half of a pixel colours half of it."""

    def __init__(self, top: Colour, bottom: Colour) -> None:
        """Begin with a sky that goes from one colour to another."""
        self.rows = [bytearray(bytes(_between(top, bottom, y / HEIGHT)) * WIDTH) for y in range(HEIGHT)]

    def dot(self, x: int, y: int, colour: Colour, cover: float) -> None:
        """Colour one pixel, as far as it is covered."""
        if cover > 0 and 0 <= x < WIDTH and 0 <= y < HEIGHT:
            row, at = self.rows[y], 3 * x
            row[at : at + 3] = bytes(_between(tuple(row[at : at + 3]), colour, min(cover, 1)))

    def hill(self, line: Callable[[float], float], colour: Colour) -> None:
        """Fill everything below a line."""
        for x in range(WIDTH):
            height = line(x)
            first = max(0, int(height))
            self.dot(x, first, colour, 1 - (height - first))
            for y in range(first + 1, HEIGHT):
                self.rows[y][3 * x : 3 * x + 3] = bytes(colour)

    def stroke(self, start: Point, end: Point, width: float, colour: Colour) -> None:
        """Draw a line with round ends; a disc when it ends where it starts."""
        (ax, ay), (bx, by), reach = start, end, width / 2 + 1
        length = hypot(bx - ax, by - ay) or 1
        for y in range(int(min(ay, by) - reach), int(max(ay, by) + reach) + 1):
            for x in range(int(min(ax, bx) - reach), int(max(ax, bx) + reach) + 1):
                along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length**2
                along = min(max(along, 0), 1)
                away = hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay))
                self.dot(x, y, colour, width / 2 + 0.5 - away)

    def disc(self, centre: Point, radius: float, colour: Colour) -> None:
        """Draw a filled circle."""
        self.stroke(centre, centre, 2 * radius, colour)

    def box(self, start: Point, end: Point, colour: Colour) -> None:
        """Draw a filled rectangle."""
        for y in range(int(start[1]), int(end[1])):
            for x in range(int(start[0]), int(end[0])):
                self.dot(x, y, colour, 1)

    def curve(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """Draw lines from point to point."""
        for start, end in itertools.pairwise(points):
            self.stroke(start, end, width, colour)

    def png(self, height: int = HEIGHT) -> bytes:
        """Return the picture as a PNG: as much of it as is asked for, from the top."""
        before = bytes(3 * WIDTH)
        lines = bytearray()
        for row in self.rows[:height]:  # each row as the difference to the one above
            lines += b"\2" + bytes((a - b) & 255 for a, b in zip(row, before, strict=True))
            before = bytes(row)
        head = struct.pack(">IIBBBBB", WIDTH, height, 8, 2, 0, 0, 0)
        parts = (b"IHDR", head), (b"IDAT", zlib.compress(bytes(lines), 9)), (b"IEND", b"")
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _between(start: Sequence[int], end: Sequence[int], share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(start, end, strict=True))
    return red, green, blue


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def wave(level: float, height: float, length: float, shift: float = 0) -> Callable[[float], float]:
    """Return the line of a row of hills."""
    return lambda x: (
        level + height * sin(2 * pi * (x / length + shift)) + height / 3 * sin(5 * pi * x / length)
    )


def grass(picture: Canvas, line: Callable[[float], float], colour: Colour, step: int) -> None:
    """Let blades stand on a line, leaning to and fro."""
    for x in range(-10, WIDTH + 10, step):
        foot, lean = (x, line(x) + 6), 9 * sin(x * 1.7)
        picture.stroke(foot, (x + lean, foot[1] - 26 - 14 * sin(x * 0.9) ** 2), 3, colour)


def tree(picture: Canvas, foot: Point, size: float, leaves: Colour) -> None:
    """Draw a round tree."""
    x, y = foot
    picture.stroke(foot, (x, y - size), size / 9, (92, 70, 52))
    for dx, dy, radius in ((-0.32, 1.1, 0.36), (0.32, 1.12, 0.36), (0, 1.42, 0.44), (0, 1.05, 0.4)):
        picture.disc((x + dx * size, y - dy * size), radius * size, leaves)


def meadow() -> Canvas:
    """A river through a wet meadow in the morning."""
    picture = Canvas((214, 228, 232), (250, 236, 214))
    picture.disc((880, 230), 62, (249, 206, 138))
    picture.hill(wave(380, 34, 900), (150, 178, 160))
    picture.hill(wave(450, 24, 700, 0.3), (112, 150, 124))
    river = [(x, 560 + 60 * sin(x / 170) + x / 22) for x in range(-40, WIDTH + 60, 20)]
    picture.hill(wave(500, 12, 1100, 0.6), (96, 138, 92))
    picture.curve(river, 92, (122, 166, 182))
    picture.curve([(x, y - 14) for x, y in river], 10, (186, 212, 218))
    grass(picture, lambda _: 742, (58, 96, 62), 7)
    for x in (140, 205, 1010):
        tree(picture, (x, 505), 62, (74, 116, 82))
    return picture


def apples() -> Canvas:
    """Three apples on a board, one of them cut."""
    picture = Canvas((238, 231, 216), (222, 208, 184))
    picture.box((0, 520), (WIDTH, HEIGHT), (150, 112, 78))
    picture.box((0, 520), (WIDTH, 532), (176, 136, 98))
    for x, size, colour in ((310, 150, (178, 58, 52)), (900, 138, (164, 170, 74))):
        picture.disc((x - size * 0.22, 530 - size * 0.82), size * 0.82, colour)
        picture.disc((x + size * 0.22, 530 - size * 0.82), size * 0.82, colour)
        picture.stroke((x, 530 - size * 1.45), (x + 22, 530 - size * 1.95), 12, (88, 64, 44))
        picture.stroke((x + 18, 530 - size * 1.8), (x + 84, 530 - size * 1.98), 26, (92, 132, 80))
    picture.disc((610, 420), 122, (178, 58, 52))
    picture.disc((610, 420), 112, (246, 236, 206))
    picture.disc((610, 420), 40, (230, 214, 170))
    for dx, dy in ((-14, -16), (14, -16), (0, 18)):
        picture.stroke((610 + dx, 414 + dy), (610 + dx * 1.2, 426 + dy), 12, (84, 56, 40))
    return picture


def workshop() -> Canvas:
    """A board with tools above a bench."""
    picture = Canvas((226, 222, 210), (226, 222, 210))
    picture.box((150, 90), (1050, 500), (196, 172, 138))
    picture.box((0, 590), (WIDTH, 632), (134, 98, 66))
    picture.box((90, 632), (150, HEIGHT), (112, 80, 54))
    picture.box((1050, 632), (1110, HEIGHT), (112, 80, 54))
    steel, wood = (92, 104, 112), (122, 62, 44)
    picture.stroke((260, 170), (260, 420), 26, wood)
    picture.stroke((205, 165), (315, 165), 46, steel)
    picture.stroke((430, 280), (430, 430), 34, (44, 92, 102))
    picture.stroke((430, 150), (430, 280), 14, steel)
    picture.stroke((560, 420), (640, 250), 22, steel)
    picture.disc((655, 210), 54, steel)
    picture.disc((668, 182), 26, (196, 172, 138))
    picture.curve([(780, 180), (960, 300), (930, 360), (780, 180)], 14, steel)
    picture.stroke((930, 330), (985, 400), 40, wood)
    picture.disc((520, 540), 50, (206, 188, 150))
    picture.box((380, 470), (660, 592), (92, 120, 112))
    picture.disc((455, 530), 40, (222, 216, 196))
    picture.disc((590, 530), 26, (222, 216, 196))
    picture.stroke((640, 470), (720, 400), 5, steel)
    return picture


def stars() -> Canvas:
    """A village at night, without a lamp."""
    picture = Canvas((10, 16, 38), (46, 58, 92))
    for number in range(420):
        x, y = number * 7919 % WIDTH, number * number * 104729 % 520
        picture.disc(
            (x, y), 0.7 + number % 5 * 0.35, _between((150, 160, 190), (255, 250, 232), number % 7 / 6)
        )
    for number in range(900):
        x = number * 6101 % WIDTH
        y = 90 + x * 0.28 + 54 * sin(number * 2.399) * abs(sin(number * 0.37))
        picture.dot(x, int(y), (226, 226, 240), 0.55)
    picture.hill(wave(560, 26, 1000, 0.1), (18, 26, 44))
    for x, size in ((360, 74), (470, 96), (590, 66), (690, 84)):
        picture.box((x, 600 - size), (x + size, 640), (10, 14, 28))
        for rise in range(0, round(size * 0.6), 6):
            slope = rise / 1.2
            picture.stroke(
                (x - 8 + slope, 602 - size - rise), (x + size + 8 - slope, 602 - size - rise), 9, (10, 14, 28)
            )
    picture.hill(wave(630, 10, 1400, 0.4), (8, 12, 24))
    return picture


def sheet() -> Canvas:
    """A lit bed sheet with moths on it."""
    picture = Canvas((12, 16, 34), (20, 28, 40))
    picture.hill(wave(640, 12, 1100, 0.2), (10, 14, 20))
    for x in (300, 900):
        picture.stroke((x, 130), (x, 690), 16, (64, 52, 44))
    for step in range(14):
        share = step / 14
        picture.box(
            (306 + step * 6, 160 + step * 6),
            (894 - step * 6, 600 - step * 6),
            _between((150, 146, 132), (250, 240, 206), share),
        )
    for number in range(34):
        x, y = 350 + number * 331 % 500, 190 + number * 457 % 380
        size, shade = 7 + number % 4 * 4, _between((72, 60, 52), (140, 118, 92), number % 5 / 4)
        picture.stroke((x, y), (x - size, y + size * 0.7), size * 0.8, shade)
        picture.stroke((x, y), (x + size, y + size * 0.7), size * 0.8, shade)
        picture.stroke((x, y - size * 0.4), (x, y + size * 0.8), size * 0.4, (48, 40, 36))
    return picture


def water() -> Canvas:
    """An otter's head in a river, and the rings around it."""
    picture = Canvas((150, 182, 186), (70, 108, 118))
    for ring in range(9, 0, -1):
        shade = _between((70, 108, 118), (188, 212, 212), (ring % 2) * 0.4)
        for step in range(72):
            turn = 2 * pi * step / 72
            start = (610 + ring * 62 * sin(turn), 440 + ring * 21 * sin(turn + pi / 2))
            turn = 2 * pi * (step + 1) / 72
            end = (610 + ring * 62 * sin(turn), 440 + ring * 21 * sin(turn + pi / 2))
            picture.stroke(start, end, 5, shade)
    picture.stroke((520, 430), (700, 430), 120, (94, 70, 52))
    picture.disc((610, 372), 82, (94, 70, 52))
    picture.disc((552, 316), 18, (76, 56, 42))
    picture.disc((668, 316), 18, (76, 56, 42))
    picture.disc((610, 404), 44, (190, 166, 138))
    picture.disc((610, 384), 14, (38, 30, 26))
    for x in (574, 646):
        picture.disc((x, 356), 9, (28, 24, 22))
    for side in (-1, 1):
        for drop in (-8, 6, 20):
            picture.stroke((610 + side * 30, 404), (610 + side * 120, 404 + drop), 2, (224, 214, 200))
    return picture


def bridge() -> Canvas:
    """A footbridge of woven willow."""
    picture = Canvas((222, 232, 226), (244, 240, 222))
    picture.hill(wave(420, 30, 1000, 0.2), (158, 184, 150))
    picture.box((0, 590), (WIDTH, HEIGHT), (118, 158, 170))
    for x in range(40, WIDTH, 150):
        picture.stroke((x, 660 + 24 * sin(x)), (x + 70, 660 + 24 * sin(x)), 5, (170, 200, 206))
    arch = [(x, 560 - 190 * sin(pi * (x - 60) / 1080)) for x in range(60, 1141, 12)]
    picture.curve(arch, 22, (112, 82, 54))
    picture.curve([(x, y - 86) for x, y in arch], 10, (134, 100, 66))
    for number, (x, y) in enumerate(arch):
        picture.stroke((x, y), (x + (14 if number % 2 else -14), y - 86), 5, (150, 116, 78))
    for x, size in ((70, 90), (1130, 110)):
        tree(picture, (x, 600), size, (98, 136, 92))
    grass(picture, lambda x: 742, (88, 124, 84), 9)
    return picture


def mill() -> Canvas:
    """A mill at dusk, and bats."""
    picture = Canvas((58, 52, 88), (226, 146, 108))
    picture.disc((930, 560), 76, (250, 202, 142))
    picture.hill(wave(600, 22, 900), (52, 44, 60))
    picture.box((380, 330), (640, 640), (36, 32, 46))
    picture.curve([(362, 336), (510, 226), (658, 336)], 26, (36, 32, 46))
    for y in range(240, 336, 10):
        half = (y - 226) * 1.35
        picture.stroke((510 - half, y), (510 + half, y), 12, (36, 32, 46))
    for turn in range(8):
        end = (700 + 112 * sin(turn * pi / 4 + 0.2), 560 + 112 * sin(turn * pi / 4 + 0.2 + pi / 2))
        picture.stroke((700, 560), end, 10, (24, 22, 32))
    picture.disc((700, 560), 20, (24, 22, 32))
    picture.box((450, 430), (496, 500), (240, 190, 120))
    for x, y, size in (
        (210, 170, 40),
        (330, 110, 26),
        (770, 150, 34),
        (880, 240, 22),
        (1030, 120, 30),
        (150, 320, 20),
    ):
        wing = [
            (x - size, y),
            (x - size * 0.5, y - size * 0.35),
            (x, y),
            (x + size * 0.5, y - size * 0.35),
            (x + size, y),
        ]
        picture.curve(wing, size / 4, (30, 26, 40))
        picture.disc((x, y), size / 5, (30, 26, 40))
    return picture


def well() -> Canvas:
    """A well in a school yard."""
    picture = Canvas((206, 226, 236), (240, 240, 226))
    picture.box((0, 140), (WIDTH, 480), (214, 190, 158))
    for x in range(90, WIDTH, 230):
        picture.box((x, 210), (x + 110, 360), (120, 150, 164))
        picture.box((x + 50, 210), (x + 60, 360), (236, 228, 210))
    picture.box((0, 480), (WIDTH, HEIGHT), (178, 186, 152))
    picture.stroke((400, 620), (800, 620), 190, (142, 138, 130))
    picture.stroke((420, 560), (780, 560), 70, (70, 92, 102))
    picture.stroke((410, 600), (410, 250), 22, (110, 80, 54))
    picture.stroke((790, 600), (790, 250), 22, (110, 80, 54))
    picture.curve([(350, 270), (600, 170), (850, 270)], 30, (126, 66, 52))
    picture.stroke((410, 340), (790, 340), 18, (110, 80, 54))
    picture.stroke((600, 340), (600, 470), 5, (90, 84, 76))
    picture.stroke((575, 490), (625, 490), 46, (92, 104, 112))
    return picture


def leaflet(lines: Sequence[str]) -> bytes:
    """Return one page with some lines as a PDF: the first is the heading."""
    text = b"BT /F1 20 Tf 56 780 Td 24 TL "
    for number, line in enumerate(lines):
        shown = line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        text += (b"/F1 11 Tf 17 TL T* " if number == 1 else b"") + b"(" + shown + b") Tj T* "
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%sET\nendstream" % (len(text) + 2, text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 6\n0000000000 65535 f \n" + table
    return made + head + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(made)


def card() -> Canvas:
    """Three rivers that flow into one: for social networks."""
    picture = Canvas((238, 244, 244), (222, 234, 236))
    for number, colour in enumerate(((31, 95, 122), (78, 140, 160), (138, 186, 196))):
        shift = (number - 1) * 190
        line = [
            (x, 315 + shift * max(0, 1 - x / 760) ** 2 + 26 * sin(x / 130 + number))
            for x in range(-20, WIDTH + 40, 12)
        ]
        picture.curve(line, 34, colour)
    return picture


LETTERS = {
    "A": ("0,6 2,0 4,6", "0.8,4 3.2,4"),
    "B": ("0,3 2.5,3 3.5,3.8 3.5,5.2 2.5,6 0,6 0,0 2.3,0 3.2,0.8 3.2,2.2 2.3,3",),
    "E": ("3.2,0 0,0 0,6 3.2,6", "0,3 2.7,3"),
    "I": ("0,0 0,6",),
    "L": ("0,0 0,6 3.1,6",),
    "N": ("0,6 0,0 3.6,6 3.6,0",),
    "R": ("0,6 0,0 2.4,0 3.4,0.8 3.4,2.2 2.4,3 0,3", "1.9,3 3.6,6"),
    "S": ("3.3,0.9 2.5,0 1,0 0.1,0.8 0.1,2.1 0.9,2.8 2.6,3.3 3.4,4 3.4,5.2 2.6,6 0.9,6 0,5.1",),
    "U": ("0,0 0,4.4 0.6,5.6 1.8,6 3,5.6 3.6,4.4 3.6,0",),
    "V": ("0,0 2,6 4,0",),
    "È": ("3.2,0 0,0 0,6 3.2,6", "0,3 2.7,3", "1.1,-2 2.1,-1.1"),
}
"""Capital → its lines, on a grid of which six steps are its height."""


def logo() -> Canvas:
    """The names of the three rivers, behind a wave of each: a name that needs no translation."""
    picture = Canvas((252, 252, 250), (252, 252, 250))
    colours = (138, 186, 196), (78, 140, 160), (31, 95, 122)
    for number, colour in enumerate(colours):
        line = [(x, 62 + 30 * number + 9 * sin(x / 26 + number)) for x in range(8, 162, 4)]
        picture.curve(line, 14, colour)
    left = 204.0
    for letter in "ARLE BRUINE SÈVE":
        lines = [
            [
                (left + 9.5 * float(x), 64 + 9.5 * float(y))
                for x, y in (point.split(",") for point in one.split())
            ]
            for one in LETTERS.get(letter, ())
        ]
        for line in lines:
            picture.curve(line, 8, (31, 95, 122))
        left = max((x for line in lines for x, _ in line), default=left + 14) + 35
    return picture


PICTURES = {
    "news/2025/flood-meadow/meadow.png": meadow,
    "news/2025/apple-atlas/apples.png": apples,
    "news/2024/repair-room/workshop.png": workshop,
    "news/2024/night-without-lamps/stars.png": stars,
    "news/2024/night-without-lamps/sheet.png": sheet,
    "news/2025/otter/otter.png": water,
    "news/2024/willow-bridge/bridge.png": bridge,
    "news/2023/bats-in-the-mill/mill.png": mill,
    "news/2024/school-well/well.png": well,
}
"""File → what draws it."""
LEAFLET = (
    "Old apples along the Sève: a leaflet",
    "Invented, like everything on this site. Nobody has ever eaten one of these.",
    "",
    "Grey Ferryman (1841)      keeps until April, for the cellar",
    "Rouge de Varenne (1790)      ripe in September, for juice",
    "Zoete Zwaan (1902)      ripe in August, eaten from the tree",
    "Lange Lenchen (1866)      keeps until February, for cakes",
    "",
    "Cut scions in January, keep them in damp sand, graft in April.",
)

if __name__ == "__main__":
    for name, draw in PICTURES.items():
        Path(name).write_bytes(draw().png())
    Path("brand/logo.png").write_bytes(logo().png(180))
    Path("brand/card.png").write_bytes(card().png(630))
    Path("news/2025/apple-atlas/leaflet.pdf").write_bytes(leaflet(LEAFLET))
