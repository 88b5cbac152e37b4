// What `newsfeed check` said when the site was looked at last.

import { chooseLanguage, fetchJson } from "./words.js";

const reports = await fetchJson("problems.json");
const language = chooseLanguage(Object.keys(reports));
const { words, problems } = reports[language];
document.documentElement.lang = language;
document.title = `${words.count} · ${document.title}`;

function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

const list = element("ol");
for (const one of problems) {
  const item = element("li");
  item.append(element("b", `${one.path}:${one.line}`), element("p", `${one.label}: ${one.message}`, { class: one.severity }));
  item.append(element("p", one.hint));
  list.append(item);
}
const back = element("p");
back.append(element("a", words.back, { href: "./" }));
document.querySelector("main").append(element("h1", words.count), element("p", words.looked), back, list);
