// The search page: asks Pagefind for what ?q= says, and shows it. All words come from the page.
// Texts are only ever set as text, never as HTML.

const PAGE = 10;
const found = document.getElementById("found");
const status = found.querySelector("[role=status]");
const list = found.querySelector("ol");
const more = found.querySelector("button");
const parts = found.dataset.parts.split(" ").filter(Boolean);
const query = (new URLSearchParams(location.search).get("q") ?? "").trim();
const names = new Intl.DisplayNames(document.documentElement.lang, { type: "language" });
const number = new Intl.NumberFormat(document.documentElement.lang);

function say(words, count = 0) {
  found.dataset.state = words;
  status.textContent = status.dataset[words].replace("{count}", number.format(count)).replace("{query}", () => query);
}

function element(name, ...children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

// Pagefind marks what was found with <mark>, and writes < and > of the text as entities.
function excerpt(html) {
  const plain = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">");
  return html.split(/<mark>(.*?)<\/mark>/s).map((text, place) => (place % 2 ? element("mark", plain(text)) : plain(text)));
}

function result({ url, meta, filters, excerpt: html, content }) {
  const link = element("a", meta.title);
  link.href = url.replace(/\.html$/, "/");
  const heading = element("h2", link);
  const [pieces, plain] = [excerpt(html), excerpt(html.replace(/<\/?mark>/g, "")).join("")];
  const text = element("p", content.startsWith(plain) ? "" : "… ", ...pieces, content.endsWith(plain) ? "" : " …");
  const origin = element("p", element("span", meta.date));
  const [lang] = filters.lang ?? [];
  if (lang) {
    heading.lang = text.lang = lang;
    heading.dir = text.dir = "auto";
    origin.append(element("span", found.dataset.in.replace("{language}", () => names.of(lang))));
    origin.lastChild.className = "language";
  }
  if (meta.about) origin.append(element("span", meta.about));
  text.className = "summary";
  origin.className = "meta";
  return element("li", heading, text, origin);
}

async function search() {
  say("searching");
  const pagefind = await import(`${parts[0]}pagefind.js`);
  const options = { baseUrl: found.dataset.base, excerptLength: 30 };
  await pagefind.options(options);
  await Promise.all(parts.slice(1).map((part) => pagefind.mergeIndex(part, options)));
  const { results } = await pagefind.search(query);
  let shown = 0;
  async function show() {
    const next = await Promise.all(results.slice(shown, shown + PAGE).map((one) => one.data()));
    const made = next.map(result);
    list.append(...made);
    shown += made.length;
    more.hidden = shown >= results.length;
    return made;
  }
  // With the keyboard, or a screen reader, one goes on at the first of the new results.
  more.addEventListener("click", async () => (await show())[0]?.querySelector("a").focus());
  await show();
  say(results.length ? "results" : "none", results.length);
}

if (query) {
  document.getElementById("q").value = query;
  document.title = `${query} – ${document.title}`;
  if (parts.length) {
    search().catch((error) => {
      console.error(error);
      say("failed");
    });
  } else {
    say("none");
  }
} else {
  document.getElementById("q").focus();
}
