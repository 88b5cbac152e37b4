// Rich text editors write a text in a way of their own, though nobody changed its words: `_so_` for `*so*`, `- ` for
// `* `. Lines that say the same stay as they were, so that a change in git is what somebody changed.

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const DELIMITER = /^\|?(?:\s*:?-+:?\s*\|)+\s*:?-*:?\s*$/;
const MOST_PAIRS = 4_000_000; // of lines; beyond that the text was written anew
const RULE = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;

/** Return the text after an edit, with the lines of the one before wherever they say the same. */
export function keepLines(before, after) {
  const old = describe(before);
  const now = describe(after);
  let start = 0;
  while (start < Math.min(old.length, now.length) && alike(old[start], now[start])) start += 1;
  let end = 0;
  const rest = Math.min(old.length, now.length) - start;
  while (end < rest && alike(old[old.length - 1 - end], now[now.length - 1 - end])) end += 1;
  const kept = [
    ...old.slice(0, start),
    ...pair(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...old.slice(old.length - end),
  ];
  return kept.map((line) => line.text).join("\n");
}

/** Return the lines of an edit, those that are also in what was before as they were there. */
function pair(old, now) {
  if (old.length * now.length > MOST_PAIRS) return now;
  // lengths[i][j]: how many lines old[i:] and now[j:] have in common
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint32Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      lengths[i][j] = alike(old[i], now[j]) ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  const result = [];
  for (let i = 0, j = 0; j < now.length; ) {
    if (i < old.length && alike(old[i], now[j])) {
      result.push(old[i]);
      i += 1;
      j += 1;
    } else if (i < old.length && lengths[i + 1][j] >= lengths[i][j + 1]) i += 1;
    else {
      result.push(now[j]);
      j += 1;
    }
  }
  return result;
}

/** Return each line with what it says; blank lines that mean nothing belong to the line before them. */
function describe(text) {
  const lines = [];
  const indents = [0];
  let fence = "";
  for (const line of text.split("\n")) {
    const last = lines.at(-1);
    const opening = FENCE.exec(line)?.[1];
    if (fence || opening) {
      lines.push({ text: line, said: line });
      if (!fence) fence = opening;
      else if (opening?.startsWith(fence) && !line.trim().replace(/[`~]/g, "")) fence = "";
    } else if (!line.trim() && last && (last.kind === "rule" || last.kind === "delimiter")) {
      last.text += `\n${line}`;
    } else if (RULE.test(line)) {
      while (lines.length && lines.at(-1).said === "") join(lines);
      lines.push({ text: line, said: "***", kind: "rule" });
    } else if (DELIMITER.test(line) && line.includes("|")) {
      lines.push({ text: line, said: line.replace(/\s/g, "").replace(/-+/g, "-"), kind: "delimiter" });
    } else lines.push({ text: line, said: say(line, indents) });
  }
  return lines;
}

function join(lines) {
  const blank = lines.pop();
  if (lines.length) lines.at(-1).text += `\n${blank.text}`;
}

function say(line, indents) {
  if (!line.trim()) return "";
  const indent = /^ */.exec(line)[0].length;
  while (indents.at(-1) > indent) indents.pop();
  if (indents.at(-1) < indent) indents.push(indent);
  const words = line.trim().replace(/^[*+](?= )/, "-").replace(/\\([!-/:-@[-`{-~])/g, "$1").replace(/^(#+ .*?) #+$/, "$1");
  const marks = words.replace(/(?<![\p{L}\p{N}])_+(?=\S)|(?<=\S)_+(?![\p{L}\p{N}])/gu, (found) => "*".repeat(found.length));
  const hard = /\S {2,}$/.test(line) ? "  " : "";
  return `${indents.length} ${marks.replace(/\s*\|\s*/g, "|").replace(/[ \t]+/g, " ")}${hard}`;
}

function alike(old, now) {
  if (old.said === now.said) return true;
  const bare = old.kind === "delimiter" && now.kind === "delimiter" && !now.said.includes(":");
  return bare && old.said.replaceAll(":", "") === now.said;
}
