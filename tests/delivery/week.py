"""Two machines over one database and one relay, by a clock that is set from moment to moment: what they are,
what happens to them, and what every reader has to get.
"""

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

from bench.sink import FINE, Sink, Taken
from bench.site import LANGUAGES, ROOT, WORDS, address, environment, story
from newsfeed.app.delivery import open_delivery_context
from newsfeed.stores.sql.column_types import from_micros
from newsfeed.subscribers.roster import ImportPlan, import_people
from tests.bounces.notices import fill_in, read_notices
from tests.contracts.postgres import Server
from tests.delivery.ports import free_port
from tests.delivery.sites import wait_until
from tests.web.reader import Reader, form_of, link, one_click_link

CONNECTIONS = 3
DIGESTS = {"staff": ("mon", time(8, 0), "Europe/Berlin"), "morning": ("daily", time(2, 30), "Europe/Berlin")}
DIGESTS["evening"] = ("daily", time(18, 0), "America/New_York")
"""Digest → days, local time, zone. Only *evening* leaves out readers without news."""
SUMMER_TIME = datetime(2030, 3, 31, 1, 0, tzinfo=UTC)
"""The clocks of Berlin jump from two to three, over the morning's slot."""
_BEFORE = 3
"""Messages of an issue that leave before something happens."""
SECRET = "a secret that both machines know"
_TEXTS = """\
[site]
title = "Test site"
base_url = "https://test.example/"
languages = ["en", "de", "fr", "nl"]
timezone = "Europe/Berlin"
authority = "test.example,2020"

[topics]
water = "Water"

[audiences.staff]
file = "staff.csv"
"""
_DIGEST = """
[digests.{name}]
title = "{name}"
schedule = "{days} {at:%H:%M}"
timezone = "{zone}"
audience = "staff"
when_empty = "{empty}"
"""
_SERVICE = """
[store]
url = "{store}"

[mail]
from = "Newsroom <news@test.example>"
bounce_address = "bounces@test.example"
channel = "smtp"

[channels.smtp]
host = "127.0.0.1"
port = {port}
security = "none"
connections = {connections}

[mailboxes.maildir]
path = "../returned"

[web]
port = {web}
base_url = "http://localhost:{web}/"
"""


@dataclass
class Member:
    """A reader, and what they have to have had."""

    address: str
    lang: str
    digests: set[str]
    had: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


@dataclass(frozen=True)
class Mail:
    """What one reader is to get of an issue."""

    address: str
    lang: str
    stories: frozenset[str]


@dataclass
class Machine:
    """A folder with the texts, a configuration, caches and processes of its own."""

    name: str
    folder: Path
    clock: Path
    zone: str
    skew: float = 0.0
    """Seconds by which its clock is wrong."""
    commands: tuple[tuple[str, ...], ...] = (("worker",),)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def log(self) -> Path:
        """What its processes say."""
        return self.folder.parent / f"{self.name}.log"

    def start(self) -> None:
        """All of its processes."""
        with self.log.open("ab") as log:
            self.processes = [
                subprocess.Popen(
                    self._words(*words), cwd=ROOT, env=self._environment(), stdout=log, stderr=log
                )
                for words in self.commands
            ]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """One command, to its end."""
        environment = self._environment()
        return subprocess.run(
            self._words(*words), cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )

    def send_signal(self, number: signal.Signals) -> None:
        """To all of its processes at once."""
        for process in self.processes:
            process.send_signal(number)

    def end(self, number: signal.Signals = signal.SIGTERM) -> list[int]:
        """Its processes are gone; their exit statuses."""
        self.send_signal(number)
        return [process.wait(20) for process in self.processes]

    def pull(self) -> None:
        """Fetch the texts, as its cron does."""
        git(self.folder, "pull", "--quiet", "--ff-only")

    def _words(self, *words: str) -> list[str]:
        program = "tests.delivery.stepped_program"
        return [
            sys.executable,
            "-m",
            program,
            str(self.clock),
            str(self.skew),
            "-C",
            str(self.folder),
            *words,
        ]

    def _environment(self) -> dict[str, str]:
        own = {"XDG_CACHE_HOME": str(self.folder.parent / f"{self.name}-cache"), "PGAPPNAME": self.name}
        return {**environment(), **own, "TZ": self.zone, "NEWSFEED_SECRET": SECRET}


@dataclass
class Week:
    """Everything that is simulated, and what has to come of it."""

    folder: Path
    server: Server
    people: int
    sink: Sink = field(default_factory=lambda: Sink(keeps=True))
    members: dict[str, Member] = field(default_factory=dict)
    stories: dict[str, datetime] = field(default_factory=dict)
    """Story → since when it is public."""
    expected: dict[tuple[str, str], set[Mail]] = field(default_factory=dict)
    """Digest and slot → mails."""
    gone: dict[tuple[str, str], int] = field(default_factory=dict)
    """Address and digest of those who left → messages at the relay by then."""
    chance: random.Random | None = None
    """Chooses whom to hurt at each step of the long profile."""
    hurts: Counter[str] = field(default_factory=Counter)
    may_double: int = 0
    """Messages that were on open connections of a machine that was killed, or lost its database."""
    begun: datetime = field(init=False)
    now: datetime = field(init=False)

    @cached_property
    def url(self) -> str:
        """The database."""
        return self.server.create()

    @cached_property
    def origin(self) -> Path:
        """The repository that editors push to."""
        return self.folder / "origin"

    @cached_property
    def machines(self) -> tuple[Machine, Machine]:
        """One right, with the readers' pages and the mailbox; one with a wrong clock in another zone."""
        clock, web = self.folder / "clock", ("run", "--only", "web")
        here = Machine("here", self.folder / "here", clock, "Europe/Berlin", commands=(("worker",), web))
        queues = ("worker", "--queues", "plan,send,tidy")
        there = Machine("there", self.folder / "there", clock, "Asia/Tokyo", skew=180.0, commands=(queues,))
        return here, there

    @cached_property
    def reader(self) -> Reader:
        """Somebody with a browser."""
        return Reader(free_port())

    def begin(self, moment: str, stories: dict[str, str]) -> None:
        """Make the texts, the machines and the readers; both machines run in the end."""
        self.sink.start()
        self.folder.mkdir(exist_ok=True)
        self.begun = datetime.fromisoformat(moment)
        self._set_clock(self.begun)
        self.origin.mkdir()
        git(self.origin, "init", "--quiet", "--initial-branch=main")
        (self.origin / ".gitignore").write_text("config.toml\nvar/\npublic/\nissues/\nstaff.csv\n")
        for name, day in stories.items():
            self._write(name, day)
        here, there = self.machines
        for name in ("cur", "new", "tmp"):
            (here.folder.parent / "returned" / name).mkdir(parents=True)
        for machine in self.machines:
            git(self.folder, "clone", "--quiet", str(self.origin), machine.name)
            (machine.folder / "config.toml").write_text(self._config(), encoding="utf-8")
            (machine.folder / "staff.csv").write_text("email,name,language\n", encoding="utf-8")
        self._take_up()
        here.start()
        wait_until(lambda: self.ask("SELECT count(*) FROM workers") == 1)
        assert there.run("activate", "--yes", "--beside").returncode == 0
        there.start()
        wait_until(lambda: self.ask("SELECT count(*) FROM workers") == 2)
        wait_until(self.reader.finds_service)
        self.settle()

    def close(self) -> None:
        """Nothing is left."""
        for machine in self.machines:
            machine.end(signal.SIGKILL)
        self._database.close()
        self.sink.close()

    # -- time ------------------------------------------------------------------------------

    def go(self, moment: str, by: Machine | None = None) -> None:
        """Set everybody's clock, and wait until all that is due is planned and sent: due by the right clock,
        or by that of a machine.
        """
        self.jump(moment)
        self.now += timedelta(seconds=by.skew if by else 0.0)
        if self.chance is not None:
            self._hurt(self.chance)
        self.settle()

    def jump(self, moment: str) -> None:
        """Set everybody's clock."""
        self._set_clock(datetime.fromisoformat(moment))

    def settle(self) -> None:
        """Wait until all that is due is planned and sent."""
        wait_until(self._is_settled, 60 + self.people / 10)
        self.note_issues()

    def note_issues(self) -> None:
        """Note what the issues that are new are to bring, to whom: nobody joins or leaves meanwhile."""
        for digest, slot, instant in self.rows("SELECT digest, slot, instant FROM issues ORDER BY id"):
            if (digest, slot) not in self.expected:
                self.expected[digest, slot] = set(self._mails(digest, from_micros(instant)))

    def _mails(self, digest: str, instant: datetime) -> Iterator[Mail]:
        public = {name for name, since in self.stories.items() if since <= instant}
        for member in self.members.values():
            fresh = frozenset(public - member.had[digest])
            if digest in member.digests and (fresh or digest != "evening"):
                member.had[digest] |= fresh
                yield Mail(member.address, member.lang, fresh)

    def _is_settled(self) -> bool:
        query = """SELECT
            (SELECT count(*) FROM deliveries WHERE next_try IS NOT NULL OR owner IS NOT NULL)
            + (SELECT count(*) FROM outbox WHERE next_try IS NOT NULL)
            + (SELECT count(*) FROM batches WHERE holder IS NOT NULL)"""
        known = set(self.rows("SELECT digest, slot FROM issues"))
        return known >= self.slots() and self.ask(query) == 0

    def slots(self) -> set[tuple[str, str]]:
        """The slots since the beginning, and the newest of each digest before it."""
        found = set()
        for digest, (days, at, name) in DIGESTS.items():
            newest_before = None
            for offset in range(-8, 40):
                day = (self.begun + timedelta(days=offset)).date()
                moment = _instant(day, at, ZoneInfo(name))
                if (days == "mon" and day.weekday()) or moment > self.now:
                    continue
                key = (digest, f"{day}T{at:%H:%M}")
                if moment > self.begun:
                    found.add(key)
                else:
                    newest_before = key
            if newest_before:
                found.add(newest_before)
        return found

    def _set_clock(self, moment: datetime) -> None:
        self.now = moment
        ahead = (moment - datetime.now(UTC)).total_seconds()
        path = self.folder / "clock"
        path.with_suffix(".new").write_text(str(ahead))
        path.with_suffix(".new").replace(path)

    # -- editors and readers -----------------------------------------------------------------

    def publish(self, name: str) -> None:
        """Push a story of today; each machine that runs fetches it."""
        self._write(name, f"{self.now:%Y-%m-%d}")
        for machine in self.machines:
            if machine.processes and machine.processes[0].poll() is None:
                machine.pull()

    def join(self, who: str, lang: str, digest: str) -> None:
        """Fill in the form, and confirm."""
        page = self.reader.open(f"/{lang}/subscribe?digest={digest}")[1]
        target, hidden = form_of(page)
        fields = {**hidden, "email": who, "name": "", "digest": digest, "language": [lang]}
        wait_until(lambda: self.reader.open(target, fields)[0] == 200)
        wait_until(lambda: bool(self.mails(who)))
        page = self.reader.open(link(self.mails(who)[-1], "confirm"))[1]
        assert self.reader.press(page)[0] == 200
        self.members[who] = Member(who, lang, {digest})

    def choose(self, who: str, lang: str) -> None:
        """Change the language by the page that the newest mail links to."""
        choices = link(self.mails(who)[-1], "preferences")
        assert self.reader.open(choices, {"language": lang, "frequency": "every"})[0] == 200
        self.members[who].lang = lang

    def leave(self, who: str) -> str:
        """Press the button of a mail program at the newest mail; which digest it was."""
        mail = self.mails(who)[-1]
        assert self.reader.open(one_click_link(mail), {"List-Unsubscribe": "One-Click"})[0] == 200
        digest = digest_of(mail)
        self.members[who].digests.discard(digest)
        self.gone[who, digest] = len(self.sink.taken)
        return digest

    def bounce(self, who: str) -> None:
        """The newest mail comes back: there is nobody of that name."""
        taken = next(one for one in reversed(self.sink.taken) if one.recipient == who)
        token = taken.sender.partition("@")[0].partition("+")[2]
        place = self.folder / "returned"
        notice, outcome = read_notices()["exchange-onprem-unknown"]
        assert outcome == "hard"
        (place / "tmp" / "1.test").write_bytes(fill_in(notice, token))
        (place / "tmp" / "1.test").rename(place / "new" / "1.test")
        wait_until(lambda: self.ask("SELECT count(*) FROM subscribers WHERE state = 'bounced'") == 1)
        for digest in self.members[who].digests:
            self.gone[who, digest] = len(self.sink.taken)
        self.members[who].digests.clear()

    def mails(self, who: str) -> list[EmailMessage]:
        """All that somebody got."""
        return [read_mail(one) for one in list(self.sink.taken) if one.recipient == who]

    def somebody(self, digest: str, place: int) -> str:
        """One of a digest's readers."""
        return sorted(one.address for one in self.members.values() if digest in one.digests)[place]

    # -- troubles ----------------------------------------------------------------------------

    @contextmanager
    def in_midst(self, moment: str, machine: Machine | None = None) -> Iterator[None]:
        """Set everybody's clock to a slot, and let the relay think about all but the first messages of its
        issue until we are done: a machine, or any, has a batch then, and others wait.
        """
        holder = f"{machine.processes[0].pid}-%" if machine else "%"
        begun, gate = len(self.sink.taken), threading.Event()

        def hold(stage: str, _: str) -> bytes:
            if stage == "dot" and len(self.sink.taken) >= begun + _BEFORE:
                gate.wait(60)
            return FINE

        self.sink.reply = hold
        self.jump(moment)
        held = "SELECT count(*) FROM batches WHERE holder LIKE %s"
        wait_until(lambda: len(self.sink.taken) >= begun + _BEFORE and self.ask(held, holder) > 0)
        assert self.ask("SELECT count(*) FROM deliveries WHERE next_try IS NOT NULL") > 0
        self.note_issues()
        yield
        gate.set()
        self.sink.reply = None
        self.settle()

    def kill(self, machine: Machine) -> None:
        """Its power is gone."""
        machine.end(signal.SIGKILL)
        self.may_double += CONNECTIONS

    def restart_database(self) -> None:
        """Every connection is cut."""
        self.server.restart()
        self.__dict__.pop("_database").close()
        self.may_double += CONNECTIONS * len(self.machines)

    def back(self, machine: Machine) -> None:
        """A machine is started again; its cron fetches the texts."""
        machine.pull()
        machine.start()
        name = f"{machine.processes[0].pid}-%"
        wait_until(lambda: self.ask("SELECT count(*) FROM workers WHERE name LIKE %s", name) == 1)
        wait_until(self.reader.finds_service)

    def _hurt(self, chance: random.Random) -> None:
        """One of the machines that run, in one of three ways, while it sends or not."""
        running = [one for one in self.machines if one.processes[0].poll() is None]
        machine, begun = chance.choice(running), len(self.sink.taken)
        some = chance.randrange(self.people // 4)
        with suppress(AssertionError):  # nothing may be due
            wait_until(lambda: len(self.sink.taken) >= begun + some, 3)
        kind = ("kill", "cut", "stop")[self.hurts.total() % 3]
        self.hurts[kind] += 1
        self.may_double += CONNECTIONS
        if kind == "kill":
            machine.end(signal.SIGKILL)
            self.back(machine)
        elif kind == "cut":
            query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
            self.rows(query, machine.name)
        else:
            machine.send_signal(signal.SIGSTOP)
            held = "SELECT count(*) FROM batches WHERE holder LIKE %s"
            name = f"{machine.processes[0].pid}-%"
            others = len(running) > 1  # whoever is left takes what the lease is over of
            wait_until(lambda: not others or self.ask(held, name) == 0)
            machine.send_signal(signal.SIGCONT)

    # -- what has to hold --------------------------------------------------------------------

    def check(self) -> dict[str, int]:
        """Everybody got what they were to get, once; the books balance. Returns sums."""
        assert self.expected.keys() == self.slots()
        wanted = Counter((issue, mail) for issue, mails in self.expected.items() for mail in mails)
        copies = Counter(one.message_id for one in self.sink.taken)
        once = {one.message_id: one for one in self.sink.taken if is_issue(one)}
        got = Counter(map(_received, once.values()))
        assert list(got - wanted) == [], "somebody got what they were not to get"
        assert list(wanted - got) == [], "somebody missed an issue"
        doubled = sum(copies.values()) - len(copies)
        assert doubled <= self.may_double
        for (who, digest), number in self.gone.items():
            later = [one for one in self.sink.taken[number:] if one.recipient == who and is_issue(one)]
            assert not any(digest_of(read_mail(one)) == digest for one in later)
        self._check_books(once)
        sums = {"issues": len(self.expected), "mails": len(once), "doubled": doubled}
        return {**sums, "may double": self.may_double, **self.hurts}

    def _check_books(self, once: dict[str, Taken]) -> None:
        rows = self.rows("SELECT message_id FROM deliveries WHERE state = 'accepted'")
        assert {name for (name,) in rows} == once.keys()
        others = self.ask("SELECT count(*) FROM deliveries WHERE state <> 'accepted'")
        assert others == 0
        (instant,) = self.rows("SELECT instant FROM issues WHERE slot = '2030-03-31T02:30'")[0]
        assert from_micros(instant) == SUMMER_TIME
        for machine in self.machines:
            self._check_status(machine)
            said = machine.log.read_text(encoding="utf-8")
            assert "Traceback" not in said
            assert not re.search(r"reader\d+@|@readers\d", said)

    def _check_status(self, machine: Machine) -> None:
        done = machine.run("status", "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        told = json.loads(done.stdout)
        assert [one["ok"] for one in told["workers"]] == [True, True], told["workers"]
        assert told["batches"] == {"open": 0, "held": 0, "lag": 0.0}
        assert told["waiting"]["mails"] == 0

    # -- within --------------------------------------------------------------------------------

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Look into the tables."""
        return self._database.execute(query, values).fetchall()

    @cached_property
    def _database(self) -> psycopg.Connection:
        return psycopg.connect(self.url, autocommit=True)

    def ask(self, query: str, *values: object) -> int:
        """One number."""
        return self.rows(query, *values)[0][0]

    def _write(self, name: str, day: str) -> None:
        story(self.origin, name, day)
        git(self.origin, "add", ".")
        git(self.origin, "commit", "--quiet", "-m", f"Write {name}")
        self.stories[name] = datetime.combine(date.fromisoformat(day), time(), ZoneInfo("Europe/Berlin"))

    def _config(self) -> str:
        digests = [
            _DIGEST.format(
                name=name, days=days, at=at, zone=zone, empty="skip" if name == "evening" else "note"
            )
            for name, (days, at, zone) in DIGESTS.items()
        ]
        web = self.reader.port
        service = _SERVICE.format(store=self.url, port=self.sink.port, connections=CONNECTIONS, web=web)
        return _TEXTS + "".join(digests) + service

    def _take_up(self) -> None:
        joined = {"staff": 1, "morning": 2, "evening": 3}
        with open_delivery_context(
            self.machines[0].folder, {**os.environ, "NEWSFEED_SECRET": SECRET}
        ) as opened:
            for digest, each in joined.items():
                lines = ["email,name,language"]
                for number in range(0, self.people, each):
                    lang = LANGUAGES[number // 2 % 4]
                    member = Member(address(number), lang, set())
                    self.members.setdefault(member.address, member).digests.add(digest)
                    lines.append(f"{member.address},Reader {number},{lang}")
                plan = ImportPlan(digest, "on paper", "test", LANGUAGES, ("water",))
                lines_read = import_people(
                    opened.roster_context, "\n".join(lines), plan, self.now - timedelta(days=20)
                )
                assert {line.outcome for line in lines_read} <= {"added", "updated"}


@contextmanager
def simulated(
    folder: Path, server: Server, people: int, chance: random.Random | None = None
) -> Iterator[Week]:
    """A week whose machines are gone in the end."""
    week = Week(folder, server, people, chance=chance)
    try:
        yield week
    finally:
        week.close()


def git(folder: Path, *words: str) -> None:
    """Run git as somebody."""
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@test.example", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, "-C", str(folder), *words], check=True, capture_output=True)


def read_mail(taken: Taken) -> EmailMessage:
    """A message as a mail program reads it that stops where the HTML begins, which is nine tenths of it."""
    mail = message_from_bytes(taken.data.partition(b"Content-Type: text/html")[0], policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def is_issue(taken: Taken) -> bool:
    """Whether it is no mail about a subscription."""
    return b"\r\nList-Id:" in taken.data


def digest_of(mail: EmailMessage) -> str:
    """The digest it belongs to."""
    found = re.search(r"<(\w+)\.", mail["List-Id"])
    assert found
    return found[1]


def issue_of(mail: EmailMessage) -> tuple[str, str]:
    """Digest and slot."""
    digest = digest_of(mail)
    _, at, zone = DIGESTS[digest]
    return digest, f"{mail['Date'].datetime.astimezone(ZoneInfo(zone)).date()}T{at:%H:%M}"


def _received(taken: Taken) -> tuple[tuple[str, str], Mail]:
    mail = read_mail(taken)
    body = mail.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    lang = mail["Content-Language"]
    title = re.escape(WORDS[lang][0])
    text = " ".join(body.get_content().split())
    stories = frozenset(re.findall(rf"{title} \((\w+)\)", text))
    return issue_of(mail), Mail(taken.recipient, lang, stories)


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """What a local time means; that of Berlin's gap is its end."""
    moment = datetime.combine(day, at, zone).astimezone(UTC)
    return SUMMER_TIME if moment == SUMMER_TIME + timedelta(minutes=30) else moment
