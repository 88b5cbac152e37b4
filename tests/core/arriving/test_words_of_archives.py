"""Addresses, mappings, targets and shortcodes of an archive."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.arriving.addresses import alias_of, day_of_url, key_of_url, slug_of_url
from newsfeed.core.arriving.mapping import parse_mapping, write_mapping
from newsfeed.core.arriving.shortcodes import count_shortcodes, put_into_words
from newsfeed.core.arriving.targets import find_targets, replace_targets
from newsfeed.errors import UsageError


@pytest.mark.parametrize(
    ("url", "alias"),
    [
        ("https://x.example/2010/02/a-b/", "/2010/02/a-b/"),
        ("https://x.example/2010/02/a-b", "/2010/02/a-b/"),
        ("https://x.example/Über uns.html", "/%C3%9Cber%20uns.html"),
        ("https://x.example/a/index.html#top", "/a/"),
        ("/a.php", "/a.php/"),
        ("https://x.example/?p=3", ""),
        ("https://x.example/", ""),
        ("https://x.example/../../etc/passwd", ""),
        ("https://x.example/%2e%2e/x", ""),
        ("https://x.example/.git/config", ""),
    ],
)
def test_an_old_address_is_an_alias_or_none(url, alias):
    """Never one that leads out of the published folder."""
    assert alias_of(url, "https://www.example.org/")[0] == alias


def test_an_address_below_the_sites_own_folder_is_an_alias_below_it():
    """Aliases are paths below the site."""
    assert alias_of("https://x.example/blog/a/", "https://www.example.org/blog/")[0] == "/a/"


def test_two_spellings_of_an_address_are_one():
    """Scheme, www, index files and anchors make no difference; queries do."""
    assert key_of_url("http://www.X.example/a/index.html#b") == key_of_url("https://x.example/a/")
    assert key_of_url("https://x.example/?p=1") != key_of_url("https://x.example/?p=2")
    assert key_of_url("https://[x/") == "https://[x/"


def test_an_address_tells_a_name_and_a_day():
    """Where it has them."""
    assert slug_of_url("https://x.example/2010/02/04/f%C3%BCr-alle.html", "de") == "fuer-alle"
    assert day_of_url("https://x.example/2010/02/04/a/") == date(2010, 2, 4)
    assert day_of_url("https://x.example/2010/02/31/a/") is None
    assert day_of_url("https://x.example/a/") is None


def test_a_mapping_follows_words_to_the_last_one():
    """Capitals make no difference, and a word may stand for itself."""
    mapping = parse_mapping('[topics]\n"Wasser" = "Water"\nwater = "water"\nOld = ""\n', "m.toml")
    assert mapping.topics == {"wasser": "water", "water": "water", "old": ""}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[topics]\na = "b"\nb = "c"\nc = "a"', "m.toml: a → b → c → a leads in a circle"),
        ("[topics", "m.toml cannot be read"),
        ("[topic]\n", "m.toml has a table “topic”"),
        ("[topics]\na = 1", "m.toml: [topics] holds something else than words"),
        ("topics = 1", "m.toml: [topics] holds something else than words"),
        ("[topics]\na = " + "[" * 5000, "m.toml cannot be read"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(text, said):
    """With the place, and never a traceback."""
    with pytest.raises(UsageError) as refused:
        parse_mapping(text, "m.toml")
    assert str(refused.value).startswith(said)


@given(st.dictionaries(st.text(min_size=1), st.sampled_from(["water", "", "energy"]), max_size=5))
def test_a_mapping_that_is_written_can_be_read(topics):
    """Whatever categories are called."""
    folded = {name.casefold(): value for name, value in topics.items()}
    text = write_mapping(folded, dict.fromkeys(folded, 1), "Remark\nof two lines.")
    assert parse_mapping(text, "m").topics == folded


def test_targets_are_found_and_replaced_where_they_stand():
    """Links, pictures, references and HTML; never in code."""
    body = (
        '[a](/x) ![b](<y.png> "t") [![c](z.png)](/w)\n\n[r]: /v\n\n<img alt=\'\' src="u.png">\n'
        "`[n](/x)`\n\n```\n[n](/x)\n```\n[p](/q_(r))\n"
    )
    assert [(one.target, one.is_image) for one in find_targets(body)] == [
        ("/x", False), ("y.png", True), ("z.png", True), ("/w", False), ("/v", False), ("u.png", True), ("/q_(r)", False),
    ]  # fmt: skip
    changed = replace_targets(body, lambda target: target.upper())
    assert '[a](/X) ![b](<Y.PNG> "t") [![c](Z.PNG)](/W)' in changed
    assert "`[n](/x)`\n\n```\n[n](/x)\n```\n[p](/Q_(R))" in changed


@given(st.text())
def test_targets_that_stay_change_nothing(body):
    """Byte for byte."""
    assert replace_targets(body, lambda target: target) == body


def test_videos_become_links_and_highlighted_code_becomes_code():
    """What nobody closes stays as it is; closing signs count no shortcode."""
    body = (
        '{{< youtube id="abc_-1" autoplay="true" >}} {{< vimeo 123 >}}\n\n{{< highlight python "linenos=table" >}}\n'
        "print(1)  # ```\n{{< /highlight >}}\n\n{% highlight ruby %}\nputs 1\n{% endhighlight %}\n"
        "{{% notice %}}x{{% /notice %}}\n{{< highlight go >}}\nopen"
    )
    words = put_into_words(body)
    assert words.startswith(
        "[https://www.youtube.com/watch?v=abc_-1](https://www.youtube.com/watch?v=abc_-1) "
    )
    assert "````python\nprint(1)  # ```\n````\n\n```ruby\nputs 1\n```\n" in words
    assert words.endswith("{{< highlight go >}}\nopen")
    assert dict(count_shortcodes(words)) == {"notice": 1, "highlight": 1}


def test_shortcodes_with_a_plain_meaning_become_words_and_others_are_listed():
    """Figures, captions and embedded addresses say what they are."""
    body = (
        '{{< figure src="a b.png" alt="A" caption="Below" >}} {{% ref "b.md" %}} {{< tweet 1 >}} {% include x.html %}'
        ' [caption id="1"]<img src="c.png"> Words[/caption] [embed]https://x.example/v[/embed] [gallery ids="1"]'
        " <!-- wp:paragraph -->{{ site.baseurl }}/x [see below]"
    )
    words = put_into_words(body)
    assert "![A](a%20b.png)\n\n*Below*" in words
    assert '<figure><img src="c.png"><figcaption>Words</figcaption></figure>' in words
    assert '<a href="https://x.example/v">' in words
    assert " b.md " in words
    assert words.endswith(" /x [see below]")
    assert dict(count_shortcodes(words)) == {"tweet": 1, "include": 1, "gallery": 1}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('[the *river*]({{< ref "river.md" >}})', "[the *river*](/river.md)"),
        ('[a [b] c]({{% relref "river.md#mouth" %}} "Title")', '[a [b] c](/river.md#mouth "Title")'),
        ("[x]({{< ref path=`river.md` lang=`de` >}})", "[x](/river.md)"),
        ('[x]({{< ref path="river.md" lang="de" >}})', "[x](/river.md)"),
        ("[x]({{< relref `river.md` >}}#mouth)", "[x](/river.md#mouth)"),
        (
            '<a class="b" href="{{< ref "river.md" >}}">x <b>y</b></a>',
            '<a class="b" href="/river.md">x <b>y</b></a>',
        ),
        ('[r]: {{< ref "river.md" >}}', "[r]: /river.md"),
        ("[x]({% post_url river.md %})", "[x](/river.md)"),
        ('the [*lost*]({{< ref "lost.md" >}} "Title").', "the *lost*."),
        ('the <a href="{{< ref "lost.md" >}}">lost <b>one</b></a>.', "the lost <b>one</b>."),
    ],
)
def test_references_to_other_texts_become_links_or_words(written, read):
    """Of one that leads nowhere the words stay."""
    assert put_into_words(written, lambda path: "" if "lost" in path else f"/{path}") == read
