// node mails.mjs FILE... -> one JSON object per file: {client: mail}.
import { readFileSync } from "node:fs";
import { simpleParser } from "mailparser";
import PostalMime from "postal-mime";

const person = ({ name, address }) => [name ?? "", address ?? ""];
const isList = ([name]) => name.startsWith("list-");
const unfold = (value) => value.replace(/\r?\n(?=[ \t])/g, "").trim();

async function mailparser(source) {
  const mail = await simpleParser(source, { skipHtmlToText: true, skipTextToHtml: true });
  const headers = mail.headerLines.map(({ key, line }) => [
    key,
    unfold(line.slice(line.indexOf(":") + 1)),
  ]);
  return {
    subject: mail.subject ?? "",
    sender: person(mail.from.value[0]),
    recipients: mail.to.value.map(person),
    lists: Object.fromEntries(headers.filter(isList)),
    text: (mail.text ?? "").trimEnd(),
    html: (mail.html || "").trimEnd(),
  };
}

async function postalMime(source) {
  const mail = await PostalMime.parse(source);
  const headers = mail.headers.map(({ key, value }) => [key, unfold(value)]);
  return {
    subject: mail.subject ?? "",
    sender: person(mail.from),
    recipients: mail.to.map(person),
    lists: Object.fromEntries(headers.filter(isList)),
    text: (mail.text ?? "").trimEnd(),
    html: (mail.html ?? "").trimEnd(),
  };
}

const mails = [];
for (const file of process.argv.slice(2)) {
  const source = readFileSync(file);
  mails.push({
    mailparser: await mailparser(source),
    "postal-mime": await postalMime(source),
  });
}
process.stdout.write(JSON.stringify(mails));
