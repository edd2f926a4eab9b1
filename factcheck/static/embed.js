// The overlay for a publisher's own page:  <script src="https://SITE/embed.js" async></script>
//
// It asks the site what was checked of this page, finds each statement in the page's words, paints a
// line under it with a small numbered button at its end, and puts one list at the end of the article.
// It changes no word, no element and no line of the page, keeps nothing (no cookie, no storage), and
// asks nobody but the site. Where the site does not answer in time, or anything else goes wrong, the
// page stays as it was.
//
//   data-site="https://…"  the site, where it is not where the script came from
//   data-url="https://…"   the page's address as it was checked, where the page does not say it
//   data-claims="…"        a copy of the article's embed/claims.json: then the site is not asked at all
(() => {
  "use strict";

  // A statement is found by its exact words first, quotation marks, dashes and blanks aside; among
  // several places by what stands around it; last by its words in order near the expected place. No
  // mark is better than a wrong one: changed figures, names or negations are never "found".

  const script = document.currentScript;
  const SITE = script && (script.dataset.site || script.src);
  const ANSWER_MS = 3000; // then the page goes without
  const REDRAWS = 50; // so often what was drawn is put back where a page took it away,
  const LATE_TURNS = 5; // so often a page is read anew for text that comes late,
  const REST_MS = 300; // and only once it is at rest
  const IDLE_MS = 3000; // after which what can wait is done
  const SLICE_MS = 16; // of work at a stretch, so that the page stays quick under the finger

  // ------------------------------------------------------------------ the page's address

//= canonical.js

  // What the page may have been checked as: what its script says, what it says itself, where it is.
  function pageAddresses() {
    const link = document.querySelector("link[rel~=canonical i][href]");
    const said = [script.dataset.url, link && link.href, location.href];
    return new Set(said.filter(Boolean).map(canonicalAddress).filter(Boolean));
  }

  // ------------------------------------------------------------------ what the site knows

  // The newest article that was checked under the page's address: its claims and ratings; null for none.
  async function askTheSite() {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), ANSWER_MS);
    const ask = async (path, base = SITE) => {
      const options = { signal: stop.signal, credentials: "omit", referrerPolicy: "no-referrer" };
      const answer = await fetch(new URL(path, base), options);
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    };
    try {
      if (script.dataset.claims) return await ask(script.dataset.claims, document.baseURI);
      for (const address of pageAddresses()) {
        const known = await ask(`/by-url/${await sha256(address)}.json`).catch(() => null);
        if (known) return await ask(known.articles.at(-1).overlay);
      }
      return null;
    } finally {
      clearTimeout(late);
    }
  }

  // ------------------------------------------------------------------ working in slices

  const rest = () =>
    globalThis.scheduler && scheduler.yield ? scheduler.yield() : new Promise((go) => setTimeout(go));

  let sliceEnd = 0;
  const isDue = () => performance.now() >= sliceEnd;
  async function pause() {
    await rest();
    sliceEnd = performance.now() + SLICE_MS;
  }

  // What is made when it is first needed: most pages need no expression for edited statements.
  function lazily(make) {
    let made;
    return () => (made ??= make());
  }

  // ------------------------------------------------------------------ the page's words

  const UNREAD = new Set("script style noscript template textarea select svg iframe object nav".split(" "));
  const INLINE = new Set(
    ("a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span " +
      "strike strong sub sup time tt u var wbr").split(" ")
  );
  const INVISIBLE = "\\u00ad\\u200b-\\u200d\\u2060\\ufeff";
  const UNEVEN = new RegExp(
    `[\\s${INVISIBLE}]{2,}|[^\\S ]|[${INVISIBLE}]|[“”„‟«»″]|[‘’‚‛′\`´]|[–—‒―−‐‑]`, "g"
  );

  const IS_UNEVEN = /[^ -_a-~]| {2}/; // the quick look that spares most texts the slow one

  // Quotation marks and dashes plain, blanks single, invisible characters gone.
  function even(text) {
    if (!IS_UNEVEN.test(text)) return text;
    return text.replace(UNEVEN, (found) => {
      if (/\s/.test(found)) return " ";
      if (/[“”„‟«»″]/.test(found)) return '"';
      if (/[‘’‚‛′`´]/.test(found)) return "'";
      return /[–—‒―−‐‑]/.test(found) ? "-" : "";
    });
  }

  // The words under `root` as one even string, and where in it each text node begins.
  async function readPage(root) {
    const page = { text: "", nodes: [], starts: [], afterBlank: [] };
    const parts = [];
    let length = 0;
    let blank = true; // whether what was read last is a blank
    const add = (part) => {
      parts.push(part);
      length += part.length;
      blank = part.endsWith(" ");
    };
    const edge = (node) => INLINE.has(node.localName) || blank || add(" ");
    // What is read after `node` and all in it. A shadow tree is read before what its host holds.
    const next = (node) => {
      while (node !== root && !node.nextSibling) {
        const above = node.parentNode;
        const isTree = above instanceof ShadowRoot; // which has a host; a link has another one
        node = isTree ? above.host : above;
        if (isTree && above.querySelector("slot") && node.firstChild) return node.firstChild;
        edge(node);
      }
      return node === root ? null : node.nextSibling;
    };
    for (let node = root, count = 0; node; count++) {
      if (node.nodeType === Node.TEXT_NODE) {
        const words = even(node.data);
        const own = blank && words[0] === " " ? words.slice(1) : words;
        if (own) {
          page.nodes.push(node);
          page.starts.push(length);
          page.afterBlank.push(blank);
          add(own);
        }
      } else if (node.nodeType === Node.ELEMENT_NODE) {
        edge(node);
        const tree = !trees.has(node) && node.shadowRoot;
        const inner = (tree && tree.firstChild) || node.firstChild;
        if (inner && !UNREAD.has(node.localName) && !node.hidden) {
          node = inner;
          continue;
        }
      }
      node = next(node);
      if (count % 64 === 0 && isDue()) await pause();
    }
    page.text = parts.join("");
    return page;
  }

  // The place in the document of the character at `offset` of the even text: [node, offset in it].
  function placeOf(page, offset) {
    let low = 0;
    for (let high = page.starts.length; high - low > 1; ) {
      const middle = (low + high) >> 1;
      if (page.starts[middle] <= offset) low = middle;
      else high = middle;
    }
    const data = page.nodes[low].data;
    let left = offset - page.starts[low];
    let blank = page.afterBlank[low];
    if (!IS_UNEVEN.test(data)) return [page.nodes[low], left + (blank && data[0] === " " ? 1 : 0)];
    for (let place = 0; place < data.length; place++) {
      const even1 = even(data[place]);
      if (!even1 || (even1 === " " && blank)) continue;
      if (left-- === 0) return [page.nodes[low], place];
      blank = even1 === " ";
    }
    return [page.nodes[low], data.length];
  }

  // Null where the words begin in one tree and end in another, which no range can hold.
  function rangeOf(page, [start, end]) {
    const range = document.createRange();
    const [last, offset] = placeOf(page, end - 1);
    range.setStart(...placeOf(page, start));
    range.setEnd(last, Math.min(offset + 1, last.data.length));
    return range.collapsed ? null : range;
  }

  // ------------------------------------------------------------------ finding a statement: exactly

  const MOST_PLACES = 200; // of the same words that are weighed
  const SHORT = 24; // characters: fewer say little without what stands around them
  const TELLING = 6; // characters of context that are enough to believe a place, or to prefer it
  const LETTER = lazily(() => /[\p{L}\p{N}]/u); // takes a millisecond to make, for other letters than these
  const isLetter = (one) => (one < "\x7f" ? /[0-9A-Za-z]/ : LETTER()).test(one);
  const DIGIT = /[0-9]/;
  const UNIT = /^ ?(?:[%‰°]|per ?cent|hundred|thousand|million|billion|trillion|dozen)/i;
  const SIGN = /(?:[-+$€£¥]|minus) ?$/i;

  // Whether the words at [start, end) are whole there, as they were in the article: "rose 4" is not
  // found in "rose 42", "rose 4.5" or "rose 4 million".
  function isWhole(text, start, end, claim) {
    const { prefix, suffix } = claim;
    const isSame = prefix && suffix && start >= prefix.length;
    if (isSame && text.startsWith(prefix, start - prefix.length) && text.startsWith(suffix, end)) return true;
    const before = text.slice(Math.max(0, start - 12), start);
    const after = text.slice(end, end + 12);
    const [first, last] = [text[start], text[end - 1]];
    const joins = (one, other) => one && other && isLetter(one) && isLetter(other);
    if (joins(before.at(-1), first) && !joins(prefix.at(-1), first)) return false;
    if (joins(last, after[0]) && !joins(last, suffix[0])) return false;
    const same = (pattern, here, there) => String(here.match(pattern)) === String(there.match(pattern));
    if (DIGIT.test(first) && (/\d[.,]$/.test(before) || !same(SIGN, before, prefix))) return false;
    return !(DIGIT.test(last) && (/^[.,]\d/.test(after) || !same(UNIT, after, suffix)));
  }

  function exactPlaces(text, claim) {
    const found = [];
    let at = claim.quote ? text.indexOf(claim.quote) : -1;
    for (; at >= 0 && found.length < MOST_PLACES; at = text.indexOf(claim.quote, at + 1)) {
      const end = at + claim.quote.length;
      if (isWhole(text, at, end, claim)) found.push([at, end]);
    }
    return found;
  }

  // How many characters around a place are those around the statement in the article.
  function sharedContext(text, [start, end], { prefix, suffix }) {
    let before = 0;
    while (before < prefix.length && text[start - 1 - before] === prefix.at(-1 - before)) before++;
    let after = 0;
    while (after < suffix.length && text[end + after] === suffix[after]) after++;
    return before + after;
  }

  // The one of several places that a statement is at, or null where that cannot be told.
  function chosen(text, places, claim, expected) {
    if (places.length === 1 && claim.quote.length >= SHORT) return places[0];
    const shared = new Map(places.map((place) => [place, sharedContext(text, place, claim)]));
    const [best, second] = [...places].sort((one, other) => shared.get(other) - shared.get(one));
    if (!second) return shared.get(best) >= TELLING ? best : null;
    if (shared.get(best) >= shared.get(second) + TELLING) return best;
    if (expected === null) return null;
    const even = places.filter((place) => shared.get(place) > shared.get(best) - TELLING);
    const away = ([start]) => Math.abs(start - expected);
    const [near, next] = even.sort((one, other) => away(one) - away(other));
    return away(near) * 3 < away(next) ? near : null;
  }

  // Where a statement is to be expected, judged by those that are found already; null without any.
  function expectedPlace(anchors, start) {
    if (start === null || !anchors.length) return null;
    const later = anchors.findIndex((anchor) => anchor.start > start);
    const [one, other] = [anchors.at(later < 0 ? -1 : later - 1), anchors[later]];
    if (later <= 0) return (other || one).at + start - (other || one).start;
    const share = (start - one.start) / (other.start - one.start);
    return one.at + share * (other.at - one.at);
  }

  // ------------------------------------------------------------------ finding a statement: edited

  const LIKE_ENOUGH = 0.8; // share of a statement's words that must still be there, in order
  const REACH = 1200; // characters around the expected place
  const MOST_WORDS = 120; // of a statement that is sought so
  const WORD = lazily(() => /[\p{L}\p{N}]+(?:['.,][\p{L}\p{N}]+)*|[%‰$€£¥]/gu);
  const SMALL = /^(?:the|an?|that|which|who|whom|and|its?|this|these|those|also|then|own)$/;
  // Words that turn what a sentence says; with one of them come or gone it is another statement.
  const TURNING = lazily(() => new RegExp(
    "^(?:.*[\\p{N}%‰$€£¥].*|.*n't|no|not?|never|none|nobody|nothing|neither|nor|without|cannot|one|two|three|four|" +
      "five|six|seven|eight|nine|ten|eleven|twelve|[a-z]+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundreds?|thousands?|[a-z]*illions?|dozens?|" +
      "first|second|third|fourth|fifth|last|half|halves|quarter|double|twice|triple|percent|cent|all|every|each|any|" +
      "some|most|many|much|more|few|fewer|fewest|less|least|only|just|almost|nearly|about|around|over|under|up|down|" +
      "above|below|before|after|since|until|by|to|from|than|if|unless|may|might|could|would|should|will|must|can|" +
      "rose|fell|former|ex|alleged|allegedly|reportedly|supposed|fake|false|true|january|february|march|april|june|" +
      "july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday)$", "u"
  ));

  function wordsOf(text) {
    return Array.from(text.matchAll(WORD()), (found) => ({
      said: found[0],
      bare: found[0].toLowerCase().replace(/(\d),(?=\d{3})/g, "$1"),
      start: found.index,
      end: found.index + found[0].length,
    }));
  }

  // Where a statement's words stand in order in `text`, with few edits and none that matters.
  function likePlace(text, claim) {
    const [sought, here] = [wordsOf(claim.quote), wordsOf(text)];
    if (!sought.length || sought.length > MOST_WORDS) return null;
    const costs = editCosts(sought, here);
    const last = costs.at(-1);
    // The longest of the best: a word put in before the last one must cut nothing off.
    const end = last.lastIndexOf(Math.min(...last));
    const rival = last.some((cost, at) => Math.abs(at - end) > sought.length / 2 && cost <= last[end] + 1);
    if (1 - last[end] / sought.length < LIKE_ENOUGH || rival) return null;
    const edits = tracedEdits(sought, here, costs, end);
    if (!edits.every((edit) => isHarmless(edit, claim.language))) return null;
    const lost = (side) => edits.some((edit) => edit[side] && !edit.isSpelling && !SMALL.test(edit[side].bare));
    if (lost("gone") && lost("added")) return null; // one word for another, in two places
    return [here[edits.start].start, here[end - 1].end];
  }

  // costs[i][j]: the fewest words to change so that the first i sought end at the j-th word here.
  function editCosts(sought, here) {
    const costs = [new Uint16Array(here.length + 1)];
    for (let i = 1; i <= sought.length; i++) {
      const [above, row] = [costs[i - 1], new Uint16Array(here.length + 1).fill(i, 0, 1)];
      for (let j = 1; j <= here.length; j++) {
        const differs = sought[i - 1].bare === here[j - 1].bare ? 0 : 1;
        row[j] = Math.min(above[j - 1] + differs, above[j] + 1, row[j - 1] + 1);
      }
      costs.push(row);
    }
    return costs;
  }

  // The edits on the cheapest way back from `end`, and in `start` the word it begins at.
  function tracedEdits(sought, here, costs, end) {
    const edits = [];
    let [i, j] = [sought.length, end];
    while (i > 0) {
      const [gone, added] = [sought[i - 1], here[j - 1]];
      const differs = added && gone.bare === added.bare ? 0 : 1;
      if (j > 0 && costs[i][j] === costs[i - 1][j - 1] + differs) {
        if (differs) edits.push({ gone, added, isSpelling: isSpelling(gone.bare, added.bare) });
        i--, j--;
      } else if (costs[i][j] === costs[i - 1][j] + 1) {
        edits.push({ gone });
        i--;
      } else {
        edits.push({ added });
        j--;
      }
    }
    edits.start = j;
    return edits;
  }

  // Whether two words are one, bent or spelled otherwise: most of it, from its start, is the same.
  function isSpelling(one, other) {
    let shared = 0;
    while (shared < one.length && one[shared] === other[shared]) shared++;
    return shared >= 4 && shared >= 0.7 * Math.max(one.length, other.length);
  }

  // Whether a statement stays what it was. The words that turn one are English: elsewhere none may change.
  function isHarmless({ gone, added, isSpelling }, language) {
    const words = [gone, added].filter(Boolean);
    if (!/^en\b/i.test(language)) return false;
    if (words.some((word) => TURNING().test(word.bare) || (word.start && /^\p{Lu}/u.test(word.said)))) return false;
    return words.length === 1 || isSpelling || words.every((word) => SMALL.test(word.bare));
  }

  // The stretches of the page in which an edited statement may stand, the surest first.
  function* stretches(text, claim, expected) {
    const reach = 2 * claim.quote.length + 100;
    const once = (words) => {
      const at = words.length >= SHORT / 2 ? text.indexOf(words) : -1;
      return at >= 0 && text.indexOf(words, at + 1) < 0 ? at : -1;
    };
    const [before, after] = [once(claim.prefix), once(claim.suffix)];
    if (before >= 0) yield [before + claim.prefix.length, before + claim.prefix.length + reach];
    if (after >= 0) yield [Math.max(0, after - reach), after];
    if (expected !== null) yield [Math.max(0, Math.round(expected) - REACH), Math.round(expected) + REACH + reach];
  }

  function nearPlace(text, claim, expected) {
    for (const [start, end] of stretches(text, claim, expected)) {
      const found = likePlace(text.slice(start, end), claim);
      if (!found) continue;
      const place = [start + found[0], start + found[1]];
      if (isWhole(text, ...place, claim)) return place;
    }
    return null;
  }

  // Gives each claim that is found its `range`: the sure ones first, which say where others belong.
  async function place(claims, page) {
    const { text } = page;
    const anchors = [];
    const settle = (claim, found) => {
      if (!found) return;
      claim.range = rangeOf(page, found);
      if (claim.range && claim.start !== null) anchors.push({ start: claim.start, at: found[0] });
    };
    for (const claim of claims) {
      claim.places = exactPlaces(text, claim);
      if (claim.places.length) settle(claim, chosen(text, claim.places, claim, null));
      if (isDue()) await pause();
    }
    const sure = anchors.slice().sort((one, other) => one.start - other.start);
    for (const claim of claims.filter((one) => !one.range)) {
      const expected = expectedPlace(sure, claim.start);
      if (claim.places.length > 1) settle(claim, chosen(text, claim.places, claim, expected));
      else if (!claim.places.length) settle(claim, nearPlace(text, claim, expected));
      if (isDue()) await pause();
    }
  }

  // ------------------------------------------------------------------ what is seen

  const PANEL = `
    :host { all: initial; display: block; color-scheme: inherit; font-family: inherit; margin-block: 1.5rem; }
    * { box-sizing: border-box; }
    details, aside {
      font-size: 1rem; line-height: 1.5; text-align: start; overflow-wrap: anywhere;
      color: light-dark(#16181b, #e9e9e5); background: light-dark(#fff, #15171a);
      border: 1px solid light-dark(#767d86, #868e98);
    }
    summary { padding: .5rem .75rem; min-block-size: 1.5rem; font-weight: 600; cursor: pointer; }
    ol { margin: 0; padding: 0 .75rem; list-style: none; }
    li { padding-block: .75rem; border-block-start: 1px solid light-dark(#d3d7dc, #383d44); }
    p { margin: 0 0 .25rem; }
    q { quotes: none; }
    b, a, button { color: inherit; }
    a, button { display: inline-block; min-block-size: 1.5rem; margin-inline-end: 1rem; }
    button { font: inherit; padding: 0 .5rem; background: none; border: 1px solid; border-radius: 2px; cursor: pointer; }
    :focus-visible { outline: 3px solid; outline-offset: 2px; }
    .foot { padding: .5rem .75rem; margin: 0; }
    .gone { font-size: .875rem; color: light-dark(#4d535b, #b0b5bc); }
    aside {
      position: fixed; inset-block-end: .5rem; inset-inline: .5rem; z-index: 2147483647; padding: .75rem;
      max-inline-size: 30rem; max-block-size: 60vh; margin-inline: auto; overflow: auto;
    }
    aside[hidden] { display: none; }
    @media print { aside, button { display: none; } }`;

  // A rating's line, in the page and in the list: a pattern of its own besides a colour of its own.
  function lineRules(ratings, selector, colourOf) {
    return Object.entries(ratings).map(([key, { line, colour }]) => {
      if (!/^[\w-]+;[\w. ]+;#\w+,#\w+$/.test([key, line, colour].join(";"))) return "";
      return `${selector(key)} { text-decoration: underline ${line}; ${colourOf(colour)} }`;
    }).join("\n");
  }

  const OF_SCHEME = (colour) =>
    `text-decoration-color: ${colour[0]}; text-decoration-color: light-dark(${colour});`;

  function sheetOf(rules) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    return sheet;
  }

  function element(name, { label, role, ...properties } = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    if (label) made.setAttribute("aria-label", label);
    if (role) made.setAttribute("role", role);
    made.append(...children);
    return made;
  }

  // What is said of a claim, in the list and in its note. `words` are what the site calls things.
  function said(claim, { ratings, site, words }) {
    const rating = ratings[claim.rating];
    const quote = element("q", { textContent: `“${claim.said}”`, lang: claim.language, dir: "auto" });
    const label = `${words.more}: ${rating.label}, “${claim.said}”`;
    const link = element("a", { href: new URL(claim.path, site || SITE).href, textContent: words.more, label });
    return [
      element("p", {}, quote),
      element("p", {}, element("b", { className: `v-${claim.rating}`, textContent: rating.label })),
      element("p", { textContent: claim.summary, lang: claim.language, dir: "auto" }),
      link,
    ];
  }

  function listItem(claim, told) {
    const { words } = told;
    const item = element("li", {}, ...said(claim, told));
    item.firstChild.prepend(`${claim.number}. `);
    if (claim.range) {
      const [label, onclick] = [`${words.show}: “${claim.said}”`, () => showInText(claim)];
      item.append(element("button", { type: "button", textContent: words.show, label, onclick }));
    } else {
      item.append(element("p", { className: "gone", textContent: words.gone }));
    }
    return item;
  }

  // Goes to a passage, selects it, and puts the focus on its marker, behind the words.
  function showInText({ range, marker }) {
    getSelection().removeAllRanges();
    getSelection().addRange(range.cloneRange());
    range.startContainer.parentElement.scrollIntoView({ block: "center" });
    if (marker) marker.focus({ preventScroll: true });
  }

  // Whether the page is dark behind `node`; null where it paints no ground that can be read.
  function isDarkBehind(node) {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      const [red, green, blue, alpha = 1] = (colour.match(/[\d.]+/g) || []).map(Number);
      if (/^rgb/.test(colour) && alpha > 0.5) return 0.3 * red + 0.6 * green + 0.1 * blue < 128;
    }
    return null;
  }

  const lines = lazily(() => new CSSStyleSheet());

  // Each rule is held against every element of the page: only those of ratings that are marked.
  function colour(host, ratings, [claim]) {
    const dark = isDarkBehind(claim ? claim.range.startContainer.parentElement : document.body);
    host.style.colorScheme = dark === null ? "" : dark ? "dark" : "light";
    const used = Object.entries(ratings).filter(([key]) => CSS.highlights && CSS.highlights.has(`factcheck-${key}`));
    const one = (pair) => (dark === null ? OF_SCHEME(pair) : `text-decoration-color: ${pair[dark ? 1 : 0]};`);
    lines().replaceSync(lineRules(Object.fromEntries(used), (key) => `::highlight(factcheck-${key})`, one));
  }

  function paint(marked) {
    if (!globalThis.Highlight || !CSS.highlights) return;
    for (const { range, rating } of marked) {
      const name = `factcheck-${rating}`;
      if (!CSS.highlights.has(name)) CSS.highlights.set(name, new Highlight());
      CSS.highlights.get(name).add(range);
    }
    for (const tree of new Set(marked.map(({ range }) => range.startContainer.getRootNode()))) {
      const sheets = tree.adoptedStyleSheets;
      if (!sheets.includes(lines())) tree.adoptedStyleSheets = [...sheets, lines()];
    }
  }

  // ------------------------------------------------------------------ markers

  // A marker is a button in a shadow tree of the paragraph that holds the words' end, which shows the
  // paragraph's own content through a slot: in the page's tree, which its scripts see, nothing is put;
  // the Tab key and screen readers come to it behind the paragraph's words; it takes no room, is
  // no text to be selected or copied, and moves with its paragraph. Only what is drawn of it takes the
  // pointer; around that the page's own links do, and then a tap as on the words.
  const MARKER_PX = 24;
  const MARKERS = `
    button {
      position: absolute; left: 0; top: 0; box-sizing: border-box; inline-size: ${MARKER_PX}px; padding: 0; border: 0;
      block-size: ${MARKER_PX}px; display: grid; place-items: center end; pointer-events: none; user-select: none;
      appearance: none; background: none; font: inherit; outline: 0;
    }
    span { position: absolute; inline-size: 0; block-size: 0; }
    button::before {
      content: attr(data-number); pointer-events: auto; cursor: pointer; min-inline-size: 14px; padding-inline: 2px;
      box-sizing: border-box; border: 1px solid; border-radius: 7px; font-size: 10px; font-weight: 700; font-style: normal; line-height: 12px;
      text-align: center; text-transform: none; text-indent: 0; letter-spacing: 0; color: #16181b; background: #fff;
    }
    button:focus-visible::before { outline: 3px solid #16181b; outline-offset: 1px; box-shadow: 0 0 0 6px #fff; }
    @media (forced-colors: active) { button:focus-visible::before { outline-color: Highlight; } }
    @media print { button { display: none; } }`;
  const THEIRS = "a, button, input, label, select, summary, [contenteditable]";
  const trees = new WeakMap(); // the elements that were given a tree, with the place in it for markers
  const markersSheet = lazily(() => sheetOf(MARKERS));

  // The place for a marker nearest around `node`; null where no element around it can hold one.
  function placeForMarkers(node) {
    const up = (at) => at.parentNode || at.host;
    for (let at = up(node); at && at !== document.body; at = up(at)) {
      if (trees.has(at)) return trees.get(at);
      if (!at.closest || at.localName.includes("-") || at.closest(THEIRS)) continue;
      if (at.shadowRoot || at.querySelector(":scope > [slot]")) continue;
      try {
        const tree = at.attachShadow({ mode: "open" });
        tree.adoptedStyleSheets = [markersSheet()];
        trees.set(at, element("span"));
        tree.append(element("slot"), trees.get(at));
        return trees.get(at);
      } catch {
        // A list's item, a cell: the element around it is asked.
      }
    }
    return null;
  }

  function mark(claim, { ratings, words }, open) {
    const holder = placeForMarkers(claim.range.endContainer);
    if (!holder) return;
    const press = (event) => {
      event.stopPropagation();
      open([claim]);
    };
    const name = (words.mark || "{rating}").replace("{number}", claim.number);
    const label = name.replace("{rating}", ratings[claim.rating].label);
    claim.marker = element("button", { type: "button", lang: words.language, label, onclick: press });
    claim.marker.dataset.number = claim.number;
    holder.insertBefore(claim.marker, [...holder.children].find((one) => +one.dataset.number > claim.number) || null);
  }

  // Puts each marker where its words end, raised, over their last letters. All is read before anything is moved.
  function align(claims) {
    const end = document.createRange();
    const taken = [];
    const moves = claims.filter((claim) => claim.marker).map(({ marker, range }) => {
      const [node, offset] = [range.endContainer, range.endOffset];
      const hide = () => (marker.style.visibility = "hidden");
      if (range.collapsed) return hide;
      end.setStart(node, offset - 1);
      end.setEnd(node, offset);
      const [words, now] = [end.getBoundingClientRect(), marker.getBoundingClientRect()];
      if (!words.height) return hide;
      const isLeft = getComputedStyle(marker).direction === "rtl";
      let x = isLeft ? words.left : words.right - MARKER_PX;
      const y = words.top - MARKER_PX / 2;
      while (taken.some((other) => Math.hypot(other.x - x, other.y - y) < MARKER_PX / 2)) x += isLeft ? MARKER_PX : -MARKER_PX;
      taken.push({ x, y });
      const zoom = now.width / MARKER_PX || 1;
      const [left = 0, top = 0] = marker.moved || [];
      return () => {
        marker.style.visibility = "";
        marker.moved = [left + (x - now.left) / zoom, top + (y - now.top) / zoom];
        marker.style.translate = `${marker.moved[0]}px ${marker.moved[1]}px`;
      };
    });
    for (const move of moves) move();
  }

  // A marker that is pressed, or a marked passage that is tapped, opens its note; Escape closes it.
  function openNotes(claims, told, parts) {
    let [note, opener] = [null, null];
    const hide = () => {
      if (!note || note.hidden) return;
      const isFocused = note.matches(":focus-within");
      note.hidden = true;
      if (isFocused && opener) opener.focus({ preventScroll: true });
    };
    const length = (claim) => claim.range.toString().length;
    const open = (found) => {
      if (!found.length) return hide();
      note = parts().note;
      const [claim] = found.sort((one, other) => length(one) - length(other));
      const close = element("button", { type: "button", textContent: told.words.close, onclick: hide });
      note.replaceChildren(...said(claim, told), close);
      note.hidden = false;
      opener = claim.marker;
      note.focus({ preventScroll: true });
      note.onfocusout = ({ relatedTarget: next }) => next && !note.contains(next) && (note.hidden = true);
    };
    const isOver = ({ range, marker }, { clientX: x, clientY: y }) =>
      [...range.getClientRects(), ...(marker ? marker.getClientRects() : [])].some(
        (box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom
      );
    addEventListener("click", (event) => {
      const path = event.composedPath();
      const target = path.find((one) => !trees.has(one.getRootNode && one.getRootNode().host));
      if (path.includes(note) || (target.closest && target.closest(THEIRS)) || !getSelection().isCollapsed) return;
      open(claims.filter((claim) => claim.range && claim.range.intersectsNode(target) && isOver(claim, event)));
    });
    addEventListener("keydown", (event) => event.key === "Escape" && hide());
    return open;
  }

  // The list, closed, with its rows made when somebody opens it; and the note of one claim.
  function makeParts(root, claims, told) {
    const { ratings, method, site, words } = told;
    const list = element("ol");
    const by = element("a", { href: new URL(method, site || SITE).href, textContent: words.by });
    const head = element("summary", { textContent: words.head });
    const details = element("details", {}, head, list, element("p", { className: "foot" }, by));
    const note = element("aside", { hidden: true, role: "dialog", tabIndex: -1, label: words.note });
    for (const part of [details, note]) Object.assign(part, { lang: words.language, dir: words.direction });
    const fill = () => details.open && list.replaceChildren(...claims.map((claim) => listItem(claim, told)));
    details.addEventListener("toggle", fill);
    root.adoptedStyleSheets = [sheetOf(PANEL + lineRules(ratings, (key) => `.v-${key}`, OF_SCHEME))];
    root.append(details, note);
    return { note, fill };
  }

  // The one element that is added to the page stands behind the script where that stands in the body, else
  // at the body's end: never in an article, which a framework may hold against what it drew, or draw anew.
  function draw(claims, told) {
    const { ratings, words } = told;
    if (document.querySelector("factcheck-overlay")) return;
    const host = element("factcheck-overlay", { role: "complementary", label: words.name });
    const parts = lazily(() => makeParts(host.attachShadow({ mode: "open" }), claims, told));
    const show = keepMarked(claims, told, host, parts);
    const found = () => claims.filter((claim) => claim.range);
    const turn = () => claims.length && colour(host, ratings, found());
    // What is read of the page's looks is read before anything is added, which spares the browser a turn.
    paint(found());
    turn();
    if (document.body.contains(script) && !script.closest("article")) script.after(host);
    else document.body.append(host);
    show();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", turn);
    const themes = new MutationObserver(turn);
    for (const one of [document.documentElement, document.body]) themes.observe(one, { attributes: true });
    seeChanges(claims, host, (late) => {
      paint(late);
      turn();
      show();
      parts().fill();
    });
    return () => {
      for (const { marker } of claims.splice(0)) if (marker) marker.remove();
      for (const key in ratings) if (CSS.highlights) CSS.highlights.delete(`factcheck-${key}`);
      host.remove();
    };
  }

  // Most pages are only looked at: the list is made when somebody comes near it, the markers a screen around
  // what is seen at the first sign of a hand or of a keyboard, and all else when the page has nothing to do.
  // Sixty at once would make a slow telephone stutter.
  function keepMarked(claims, told, host, parts) {
    const open = openNotes(claims, told, parts);
    const treeOf = ({ marker }) => marker && marker.getRootNode().host;
    const watch = new ResizeObserver((seen) => {
      const changed = new Set(seen.map((one) => one.target));
      align(changed.has(document.body) ? claims : claims.filter((claim) => changed.has(treeOf(claim))));
    });
    const markThese = (some) => {
      const bare = some.filter((claim) => claim.range && !claim.range.collapsed && !claim.marker);
      for (const claim of bare) mark(claim, told, open);
      if (bare.length) watch.observe(document.body);
      // Where one of these changes its size, words may have moved in it. It is told of at first, too.
      for (const tree of new Set(bare.map(treeOf))) {
        if (!tree) continue;
        watch.unobserve(tree);
        watch.observe(tree);
      }
    };
    const holder = ({ range }) => range.endContainer.parentElement;
    const near = new IntersectionObserver((seen) => {
      const here = new Set(seen.filter((one) => one.isIntersecting).map((one) => one.target));
      if (here.has(host)) parts();
      markThese(claims.filter((claim) => claim.range && here.has(holder(claim))));
    }, { rootMargin: "100% 0%" });
    let isAwake = false;
    const lookAround = () => {
      isAwake = true;
      for (const claim of claims) if (claim.range) near.observe(holder(claim));
    };
    const once = { capture: true, once: true, passive: true };
    for (const kind of ["pointermove", "pointerdown", "scroll"]) addEventListener(kind, lookAround, once);
    const idle = globalThis.requestIdleCallback || setTimeout;
    const rest = (left) => {
      markThese(left.slice(0, 6));
      if (left.length > 6) idle(() => rest(left.slice(6)));
    };
    const all = () => parts() && rest(claims.slice());
    const isNear = ({ top, bottom }) => bottom > -innerHeight && top < 2 * innerHeight;
    const goByKey = () => {
      markThese(claims.filter(({ range }) => range && isNear(range.getBoundingClientRect())));
      all();
    };
    for (const kind of ["keydown", "focusin"]) addEventListener(kind, goByKey, once);
    if (document.fonts) document.fonts.addEventListener("loadingdone", () => align(claims));
    return () => {
      near.observe(host);
      if (isAwake) lookAround();
      setTimeout(() => idle(all), IDLE_MS);
    };
  }

  // Some pages bring their text late, or put new elements in the place of those that were marked, or of the list.
  function seeChanges(claims, host, show) {
    let [timer, turns, redraws, last] = [0, 0, 0, Promise.resolve()];
    const isMissing = ({ range }) => !range || range.collapsed;
    const look = async () => {
      if (!claims.length) return;
      if (!host.isConnected && redraws++ < REDRAWS) document.body.append(host);
      const missing = claims.filter(isMissing);
      const wereThere = missing.some(({ range }) => range) && redraws++ < REDRAWS;
      if (!missing.length || (!wereThere && turns++ >= LATE_TURNS)) return;
      for (const claim of missing) {
        const painted = globalThis.Highlight && CSS.highlights.get(`factcheck-${claim.rating}`);
        if (painted && claim.range) painted.delete(claim.range);
        if (claim.marker) claim.marker.remove();
        claim.range = claim.marker = null;
      }
      await place(missing, await readPage(document.body));
      if (!claims.length) return;
      show(missing.filter((claim) => claim.range));
    };
    whenChanged(() => {
      clearTimeout(timer);
      timer = setTimeout(() => (last = last.then(look).catch(() => {})), REST_MS);
      return claims.length;
    });
  }

  // Calls `see` after each change of the page, for as long as that wants to be called.
  function whenChanged(see) {
    const watch = new MutationObserver(() => see() || watch.disconnect());
    watch.observe(document.documentElement, { childList: true, characterData: true, subtree: true });
  }

  // Some pages become another one without being loaded: then what was drawn goes, and that one is looked up.
  function seeAnotherPage(leave) {
    const first = location.href;
    let seen = first;
    const see = () => {
      if (seen === location.href) return true;
      seen = location.href;
      if (canonicalAddress(seen) === canonicalAddress(first)) return true;
      leave();
      setTimeout(() => start().catch(() => {}), REST_MS);
    };
    setTimeout(() => see() && whenChanged(see), IDLE_MS);
  }

  // What was told, in the words of the page's own language where the site has them; else in the site's.
  function worded(told) {
    const [wanted] = document.documentElement.lang.toLowerCase().split("-");
    const theirs = Object.entries(told.elsewhere || {}).find(([tag]) => tag.toLowerCase().split("-")[0] === wanted);
    if (!theirs || told.words.language.toLowerCase().split("-")[0] === wanted) return told;
    const [, words] = theirs;
    const named = ([key, rating]) => [key, { ...rating, label: words.ratings[key] || rating.label }];
    return { ...told, words, ratings: Object.fromEntries(Object.entries(told.ratings).map(named)) };
  }

  async function start() {
    if (document.readyState === "loading") {
      await new Promise((go) => document.addEventListener("DOMContentLoaded", go, { once: true }));
    }
    let isLeft = false;
    let leave = () => (isLeft = true);
    seeAnotherPage(() => leave());
    const told = await askTheSite();
    if (!told || !told.claims.length) return;
    const answer = worded(told);
    const claims = answer.claims.map((claim, place) => ({
      number: place + 1,
      ...claim,
      said: claim.quote,
      quote: even(claim.quote).trim(),
      prefix: even(claim.prefix),
      suffix: even(claim.suffix),
      language: answer.language,
    }));
    await place(claims, await readPage(document.body));
    await pause();
    if (!isLeft) leave = draw(claims, answer) || leave;
  }

  if (SITE && globalThis.crypto && crypto.subtle) start().catch(() => {});
})();
