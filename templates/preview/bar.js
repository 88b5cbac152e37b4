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
  const group = (key, title, items) => {
    const details = element("details");
    details.append(element("summary", title));
    const list = element("ul");
    list.append(...items);
    details.append(list);
    details.open = open.has(key);
    details.addEventListener("toggle", () => {
      details.open ? open.add(key) : open.delete(key);
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
  const draw = (state) => {
    document.getElementById("newsfeed-bar")?.remove();
    const bar = element("aside", "", { id: "newsfeed-bar", lang: state.lang, role: "status", "aria-label": state.words.bar });
    const first = element("span", `${state.words.bar} · ${state.as_of}`);
    first.style.marginInlineEnd = "1.5rem";
    bar.append(first);
    if (state.problems.length) bar.append(group("problems", state.words.problems, state.problems.map(problem)));
    else bar.append(element("span", state.words.problems), " \u00a0 ");
    if (state.stories.length) bar.append(group("stories", state.words.stories, state.stories.map(link)));
    if (state.digests.length) bar.append(group("digests", state.words.digests, state.digests.map(link)));
    document.body.append(bar);
  };
  const events = new EventSource("/_preview/events");
  events.onmessage = (event) => {
    const state = JSON.parse(event.data);
    if (shown && state.pages !== shown) return location.reload();
    shown = state.pages;
    draw(state);
  };
})();
