// The files of newsfeed, for a form: each value is a text, as newsfeed reads it, and what nobody changed is
// written back byte by byte: a file of which nothing was changed, and in one that was, every line of a key that was not.

import { keepLines } from "./bodies.js";
import { FAILSAFE_SCHEMA, load } from "./cms/js-yaml.js";

const ORIGINAL = "_file"; // the file as it was read, beside its values
const BODY = "body";
const OTHERS = "other_authors"; // those that the form has no choice for
const FILE = /^---[ \t]*\n(?<head>[^]*?)^---[ \t]*(?:\n(?<body>[^]*))?$/m;
const KEY = /^(?<key>[A-Za-z_][A-Za-z0-9_-]*)[ \t]*:/;
const PLAIN = /^\p{L}(?:[\p{L}\p{N}]|[ .()’'/-])*$/u;
const MEANT = /^(?:null|true|false|yes|no|on|off)$/i;
const MOMENT = /^(?<day>\d{4}-\d\d-\d\d)(?:[T ](?<time>\d\d:\d\d)(?::\d\d(?:[.,]\d+)?)? ?(?<offset>[Zz]|[+-]\d\d:?\d\d)?)?$/;
const DATE = /^\d{4}-\d\d-\d\d(?: \d\d:\d\d)?$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NEW = "{{uuid}}"; // where the program does not fill it in
const MORNING = " 08:00"; // when a day without a time begins

/** Make the reader and the writer of files. `keys`: what keys.json says of them. */
export function makeFormat(keys) {
  const ids = new Map(); // what stands for the id of a new text -> the id it got
  const taken = new Set();

  function fromFile(text) {
    const values = read(text);
    if (values.id) taken.add(values.id);
    return { ...show(values, keys), [ORIGINAL]: text };
  }

  function toFile(given) {
    const { [ORIGINAL]: original, ...content } = given;
    const values = store(content, keys);
    if (original === undefined) return compose(withId(values), new Map(), keys);
    const before = store(show(read(original), keys), keys);
    if (!isEmpty(before[BODY]) && !isEmpty(values[BODY])) values[BODY] = keepLines(before[BODY], values[BODY]);
    // What has a file has an id, be it by the name of that file.
    if (isEmpty(before.id)) delete values.id;
    const names = [...new Set([...Object.keys(before), ...Object.keys(values)])];
    const changed = names.filter((key) => !same(before[key], values[key]));
    if (!changed.length) return `${original.trimEnd()}\n`;
    const lines = linesOf(original);
    // Also what the form cannot show, such as `withdrawn: yes` in the place of a day.
    const kept = new Map([...lines].filter(([key]) => !changed.includes(key)));
    const body = changed.includes(BODY) ? values : { ...values, [BODY]: bodyOf(original) };
    const text = compose(body, kept, keys, [...lines.keys()]);
    const written = store(show(read(text), keys), keys);
    // What somebody wrote in a way that cannot be taken apart line by line is written anew.
    return names.every((key) => same(written[key], values[key])) ? text : compose(values, new Map(), keys);
  }

  function withId(values) {
    if (values.id !== NEW && !UUID.test(values.id ?? "")) return values;
    if (values.id === NEW || !ids.has(values.id)) {
      const wanted = slugOf(values.title ?? "") || `text-${crypto.randomUUID()}`;
      let chosen = wanted;
      for (let number = 2; taken.has(chosen); number += 1) chosen = `${wanted}-${number}`;
      taken.add(chosen);
      ids.set(values.id, chosen);
    }
    return { ...values, id: ids.get(values.id) };
  }

  return { fromFile, toFile };
}

function read(text) {
  if (text.startsWith("+++")) throw new Error("front matter in TOML can only be changed in the file");
  const found = FILE.exec(text);
  if (!found || found.index) return { body: text };
  const head = load(found.groups.head, { schema: FAILSAFE_SCHEMA }) ?? {};
  if (typeof head !== "object" || Array.isArray(head)) throw new Error("the front matter holds no keys");
  return { ...head, body: bodyOf(text) };
}

function bodyOf(text) {
  return (FILE.exec(text)?.groups.body ?? "").replace(/^(?:[ \t]*\n)+/, "").trimEnd();
}

/** Return the lines of each key of the head, with the remarks above it. */
function linesOf(text) {
  const blocks = new Map();
  let key = "";
  let aside = [];
  for (const line of (FILE.exec(text)?.groups.head ?? "").split("\n").slice(0, -1)) {
    const found = KEY.exec(line);
    if (found) {
      key = found.groups.key;
      blocks.set(key, [...aside, line]);
      aside = [];
    } else if (line.startsWith("#") || !line.trim() || !key) {
      aside.push(line);
    } else {
      blocks.get(key).push(...aside, line);
      aside = [];
    }
  }
  if (key) blocks.get(key).push(...aside);
  return new Map([...blocks].map(([one, lines]) => [one, lines.join("\n")]));
}

/** Return what a file says as the fields of the form want it. */
function show(values, keys) {
  const shown = Object.create(null); // a stranger may call a key `__proto__`
  for (const [key, value] of Object.entries(values)) {
    if (Object.hasOwn(keys.groups, key)) {
      const groups = listOf(value).map((one) => (typeof one === "string" ? { [keys.groups[key]]: one } : one));
      const isKnown = (one) => key === "authors" && !one.role && keys.known_authors.includes(one.name);
      shown[key] = key === "authors" ? groups.filter(isKnown).map((one) => one.name) : groups;
      if (key === "authors") shown[OTHERS] = groups.filter((one) => !isKnown(one));
    } else if (keys.lists.includes(key)) {
      shown[key] = listOf(value).map((one) => (key === "countries" ? String(one).toUpperCase() : one));
    } else if (keys.flags.includes(key)) {
      shown[key] = /^(?:yes|true|on)$/i.test(value);
    } else if (keys.moments.includes(key)) {
      shown[key] = showMoment(value, keys.zone);
    } else {
      shown[key] = value;
    }
  }
  return shown;
}

/** Return a moment as the form writes it, in the site's zone; nothing for what is no moment. */
function showMoment(value, zone) {
  const found = MOMENT.exec(value);
  if (!found) return "";
  const { day, time = MORNING.trim(), offset } = found.groups;
  if (!offset) return `${day} ${time}`;
  const at = new Date(`${day}T${time}:00${offset.toUpperCase().replace(/^([+-]\d\d):?(\d\d)$/, "$1:$2")}`);
  if (Number.isNaN(at.valueOf())) return "";
  const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" };
  return new Intl.DateTimeFormat("sv-SE", { ...parts, timeZone: zone }).format(at);
}

/** Return what a form says as a file has it; nothing of what is empty. */
function store(content, keys) {
  const stored = Object.create(null);
  const given = { ...content };
  if (OTHERS in given) given.authors = [...listOf(given.authors), ...listOf(given[OTHERS])];
  delete given[OTHERS];
  for (const [key, value] of Object.entries(given)) {
    if (isEmpty(value)) continue;
    if (key === BODY) stored[key] = value.trim();
    else if (keys.flags.includes(key)) stored[key] = "yes";
    else if (keys.moments.includes(key)) stored[key] = String(value).trim().replace(new RegExp(`${MORNING}$`), "");
    else if (Object.hasOwn(keys.groups, key)) stored[key] = listOf(value).map((one) => plain(one, keys.groups[key])).filter((one) => !isEmpty(one));
    else if (keys.lists.includes(key)) stored[key] = listOf(value).filter((one) => !isEmpty(one)).map(oneLine);
    else stored[key] = typeof value === "object" ? value : oneLine(value);
    if (isEmpty(stored[key])) delete stored[key];
  }
  return stored;
}

/** Return an entry of a list: only a text when it has nothing else. */
function plain(one, first) {
  if (typeof one !== "object") return oneLine(one);
  const said = Object.entries(one).filter(([, value]) => !isEmpty(value)).map(([key, value]) => [key, oneLine(value)]);
  return said.length === 1 && said[0][0] === first ? said[0][1] : Object.fromEntries(said);
}

/** Write a file. `kept`: key -> its lines as they were; `order`: the keys in the order that the file had. */
function compose(values, kept, keys, order = []) {
  const names = new Set([...kept.keys(), ...Object.keys(values)]);
  names.delete(BODY);
  const head = placed([...names], order, keys);
  const lines = head.map((key) => kept.get(key) ?? `${key}: ${write(key, values[key], keys)}`);
  return `${["---", ...lines, "---", "", values[BODY] ?? ""].join("\n").trimEnd()}\n`;
}

/** Return keys as the file had them; each new one behind the last that goes before it in others. */
function placed(names, order, keys) {
  const place = (key) => (keys.order.includes(key) ? keys.order.indexOf(key) : keys.order.length);
  const result = order.filter((key) => names.includes(key));
  for (const key of names.filter((one) => !result.includes(one)).sort((a, b) => place(a) - place(b))) {
    const last = result.findLastIndex((one) => place(one) <= place(key));
    result.splice(last + 1, 0, key);
  }
  return result;
}

function write(key, value, keys) {
  if (Array.isArray(value)) return `[${value.map((one) => write("", one, keys)).join(", ")}]`;
  if (typeof value === "object") {
    return `{${Object.entries(value).map(([name, one]) => `${name}: ${write("", one, keys)}`).join(", ")}}`;
  }
  const isFlag = keys.flags.includes(key);
  const isDate = keys.moments.includes(key) && DATE.test(value);
  return isFlag || isDate || /^[1-9]\d{0,2}$/.test(value) || (PLAIN.test(value) && !MEANT.test(value)) ? value : JSON.stringify(value);
}

const LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };

function slugOf(title) {
  const bare = title.toLowerCase().replace(/[ßæœøłđðþı]/g, (letter) => LETTERS[letter]).replace(/['’]/g, "");
  const letters = bare.normalize("NFKD").replace(/\p{M}/gu, "");
  return letters.replace(/[^a-z0-9]+/g, "-").slice(0, 80).replace(/^-+|-+$/g, "");
}

const listOf = (value) => (isEmpty(value) ? [] : Array.isArray(value) ? value : [value]);

const oneLine = (value) => String(value).trim().replace(/\s*\n\s*/g, " ");

function isEmpty(value) {
  if (value === undefined || value === null || value === false || value === "") return true;
  return typeof value === "object" && Object.values(value).every(isEmpty);
}

const same = (one, other) => (isEmpty(one) ? isEmpty(other) : JSON.stringify(one) === JSON.stringify(other));
