// The bar of `newsfeed preview`: problems, drafts, digests; loads the page again when it changed.
"use strict";
(() => {
  let shown = 0;
  const open = new Set(JSON.parse(sessionStorage.getItem("newsfeed-open") || "[]"));
  const element = (name, text = "", attributes = {}) => {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const group = (key, title, items, isUrgent = false) => { // what is urgent is open until somebody closes it
    const details = element("details");
    details.append(element("summary", title));
    const list = element("ul");
    list.append(...items);
    details.append(list);
    details.open = open.has(key) !== isUrgent;
    details.addEventListener("toggle", () => {
      details.open !== isUrgent ? open.add(key) : open.delete(key);
      sessionStorage.setItem("newsfeed-open", JSON.stringify([...open]));
    });
    return details;
  };
  const problem = (one) => {
    const item = element("li");
    item.append(element("b", `${one.path}:${one.line}:${one.column} `), element("span", one.message, { class: one.severity }));
    if (one.excerpt) item.append(element("pre", one.excerpt));
    item.append(element("div", one.hint));
    return item;
  };
  const link = (one) => {
    const item = element("li");
    item.append(element("a", one.title, { href: one.href }));
    if (one.note) item.append(` · ${one.note}`);
    return item;
  };
  const marks = element("span", "", { class: "marks" });
  const clock = (state) => {
    const form = element("form", "", { method: "get", action: location.pathname });
    const field = { type: "datetime-local", name: state.clock.name, value: state.clock.value, required: "", "aria-label": state.words.clock };
    const rest = new URLSearchParams(location.search); // the entry of a feed is asked for by its page
    for (const [name, value] of rest) form.append(element("input", "", { type: "hidden", name, value }));
    form.append(element("input", "", field), element("button", state.words.set));
    form.append(element("a", state.words.now, { href: `?${rest}&${state.clock.name}=` }));
    return group("clock", state.words.clock, [form]);
  };
  const tell = (page) => {
    marks.replaceChildren(...page.marks.map((mark) => element("b", mark)));
    if (page.entry) marks.append(element("a", page.entry.title, { href: page.entry.href }));
  };
  const draw = (state) => {
    document.getElementById("newsfeed-bar")?.remove();
    const bar = element("aside", "", { id: "newsfeed-bar", lang: state.lang, role: "status", "aria-label": state.words.bar });
    bar.append(element("span", state.words.bar), marks, clock(state));
    const isWrong = state.problems.some((one) => one.severity === "error");
    if (state.problems.length) bar.append(group(isWrong ? "errors" : "problems", state.words.problems, state.problems.map(problem), isWrong));
    else bar.append(element("span", state.words.problems), " \u00a0 ");
    if (state.stories.length) bar.append(group("stories", state.words.stories, state.stories.map(link)));
    if (state.digests.length) bar.append(group("digests", state.words.digests, state.digests.map(link)));
    document.body.append(bar);
  };
  if (!location.pathname.startsWith("/_preview/"))
    fetch(`/_preview/page.json?path=${encodeURIComponent(decodeURI(location.pathname))}`)
      .then((answer) => answer.json())
      .then(tell);
  const events = new EventSource("/_preview/events");
  events.onmessage = (event) => {
    const state = JSON.parse(event.data);
    if (shown && state.pages !== shown) return location.reload();
    shown = state.pages;
    draw(state);
  };
})();
