// The form: its words in the language of whoever looks, our files' format, and a link to what is wrong.

import { init, registerCustomFormat } from "./cms.js";
import { makeFormat } from "./format.js";
import { chooseLanguage, fetchJson } from "./words.js";

const keys = await fetchJson("keys.json");
const language = chooseLanguage(keys.languages);
document.documentElement.lang = language;
registerCustomFormat("newsfeed", "md", makeFormat(keys));
init({ config: { ...(await fetchJson(`config.${language}.json`)), load_config_file: false } });

const report = (await fetchJson("problems.json"))[language];
if (report.problems.length) {
  const link = document.getElementById("problems");
  link.textContent = report.words.count;
  link.classList.toggle("error", report.problems.some((one) => one.severity === "error"));
  link.hidden = false;
  // The program takes all links for its own; and who is writing keeps what is not saved yet.
  link.addEventListener("click", (event) => {
    event.preventDefault();
    window.open(link.href, "newsfeed-problems");
  });
}
