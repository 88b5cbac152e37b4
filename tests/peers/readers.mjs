// node readers.mjs CLIENT FILE... -> one JSON list of entries per file.
import { readFileSync } from "node:fs";

const isoDate = (text) => new Date(text).toISOString();

const clients = {
  async "rss-parser"(text) {
    const { default: Parser } = await import("rss-parser");
    const feed = await new Parser().parseString(text);
    return feed.items.map((item) => ({
      id: item.guid ?? item.id,
      title: item.title,
      link: item.link,
      published: item.isoDate,
      enclosure: item.enclosure?.url,
    }));
  },

  async feedsmith(text) {
    const { parseFeed } = await import("feedsmith");
    const { format, feed } = parseFeed(text);
    return (feed.items ?? feed.entries ?? []).map(feedsmithEntry[format]);
  },
};

const feedsmithEntry = {
  rss: (item) => ({
    id: item.guid.value,
    title: item.title,
    link: item.link,
    published: isoDate(item.pubDate),
    enclosure: item.enclosures?.[0].url,
  }),
  atom: (entry) => ({
    id: entry.id,
    title: entry.title.value,
    link: entry.links.find((link) => link.rel === "alternate").href,
    published: isoDate(entry.published),
    enclosure: entry.links.find((link) => link.rel === "enclosure")?.href,
  }),
  json: (item) => ({
    id: item.id,
    title: item.title,
    link: item.url,
    published: isoDate(item.date_published),
    enclosure: item.attachments?.[0].url,
  }),
};

const [client, ...files] = process.argv.slice(2);
const feeds = [];
for (const file of files) {
  feeds.push(await clients[client](readFileSync(file, "utf8")));
}
process.stdout.write(JSON.stringify(feeds));
