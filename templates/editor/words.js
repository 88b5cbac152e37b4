// The language of whoever looks, among those that the form speaks.

/** Return the first of these languages that the browser asks for, else the first of all. */
export function chooseLanguage(languages) {
  for (const wanted of navigator.languages) {
    const found = languages.find((one) => one.toLowerCase() === wanted.toLowerCase())
      ?? languages.find((one) => one.split("-")[0].toLowerCase() === wanted.split("-")[0].toLowerCase());
    if (found) return found;
  }
  return languages[0];
}

/** Return what a file of ours says, as it is now. */
export async function fetchJson(name) {
  const answer = await fetch(name, { cache: "no-cache" });
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.json();
}
