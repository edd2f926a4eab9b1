// The look-up of a page by its addresses: those typed, or those behind the # that the bookmark brings.
// The site is asked for digests alone, each of one address in its canonical form.
(() => {
  "use strict";

//= canonical.js

  const MOST = 12; // addresses of one page that are looked up
  const part = (id) => document.getElementById(id);
  const show = (id) => ["found", "none", "unread", "failed"].forEach((one) => (part(one).hidden = one !== id));

  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return "";
    }
  }

  // The articles that were checked under any of the addresses, each once.
  async function articlesAt(addresses) {
    const bySlug = new Map();
    for (const address of addresses) {
      const answer = await fetch(`/by-url/${await sha256(address)}.json`, { credentials: "omit" });
      if (answer.status === 404) continue;
      if (!answer.ok) throw new Error(answer.status);
      for (const article of (await answer.json()).articles) bySlug.set(article.slug, { ...article, address });
    }
    return [...bySlug.values()];
  }

  function hit({ path, title, language, address }) {
    const link = Object.assign(document.createElement("a"), { href: path, textContent: title, lang: language, dir: "auto" });
    const head = document.createElement("h2");
    head.append(link);
    const under = Object.assign(document.createElement("p"), { className: "meta", textContent: address });
    const item = document.createElement("li");
    item.append(head, under);
    return item;
  }

  let asked = 0;
  async function lookUp() {
    const turn = ++asked;
    const written = location.hash.slice(1).split("&").filter(Boolean).map(decoded);
    part("hits").replaceChildren();
    show(null);
    if (!written.length) return;
    part("url").value = written[0];
    const addresses = [...new Set(written.map(canonicalAddress).filter(Boolean))].slice(0, MOST);
    if (!addresses.length) return show("unread");
    try {
      const articles = await articlesAt(addresses);
      if (turn !== asked) return; // another address was asked for meanwhile
      part("hits").replaceChildren(...articles.map(hit));
      show(articles.length ? "found" : "none");
    } catch {
      if (turn === asked) show("failed");
    }
  }

  part("look-up").hidden = false;
  part("look-up").addEventListener("submit", (event) => {
    event.preventDefault();
    const hash = "#" + encodeURIComponent(part("url").value);
    if (location.hash === hash) lookUp();
    else location.hash = hash;
  });
  addEventListener("hashchange", lookUp);
  lookUp();
})();
