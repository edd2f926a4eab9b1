// Triage without a reload: sends the page's own forms, swaps in what the server answers, and adds
// keys and the pointer. Everything here works without it, one page at a time.

import { offsetAt, placeAt, selectedSpan } from "./selection.js";

// The line that says what was done is in none of them: a live region is heard only where it stays.
const REGIONS = ["head", "text", "found", "steps", "choosing"];
const singleKeys = document.body.dataset.singleKeys === "on";
const byId = (id) => document.getElementById(id);

// -- sending and swapping

async function send(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  if (form.method === "get") return show(`?${body}`);
  const address = button?.getAttribute("formaction") ?? form.getAttribute("action");
  return swap(address, { method: "POST", body }, button?.dataset.said);
}

function show(address) {
  return swap(address, {});
}

async function swap(address, request, said) {
  say("");
  hideReason();
  try {
    const answer = await fetch(address, request);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!REGIONS.every((id) => page.getElementById(id))) throw new Error(sentenceOf(page));
    const least = byId("least")?.value;
    const focused = focusedName();
    const open = [...document.querySelectorAll("#past[open]")].length > 0;
    const typed = typedWords();
    for (const id of REGIONS) byId(id).replaceWith(page.getElementById(id));
    if (!request.body?.has("restated")) putBack(typed);
    if (answer.redirected || answer.ok) history.replaceState(null, "", answer.url);
    prepare();
    if (open && byId("past")) byId("past").open = true;
    if (least && byId("least")) setLeast(least);
    refocus(focused);
    if (answer.ok && request.method) say(saved(request.body, said));
  } catch (failure) {
    say(failure.message);
  }
}

// What was typed of the claim in hand and not sent: an undo says nothing of it and must not lose it.
function typedWords() {
  const field = document.querySelector("#hand [name=restated]");
  return field && field.value !== field.defaultValue ? { of: field.form.action, words: field.value } : null;
}

function putBack(typed) {
  const field = typed && document.querySelector("#hand [name=restated]");
  if (field && field.form.action === typed.of) field.value = typed.words;
}

// What was undone, or where an edge is now, and when that was saved.
function saved(body, said) {
  const moved = /^(start|end)-/.test(body.get("do") ?? "") ? byId("edges")?.dataset.said : "";
  const time = `${byId("status").dataset.saved} ${new Date().toLocaleTimeString()}.`;
  return [said ?? moved, time].filter(Boolean).join(" ");
}

function sentenceOf(page) {
  return page.querySelector("main [role=alert]")?.textContent.trim() ?? "";
}

function say(sentence) {
  const status = byId("status");
  if (sentence || status.textContent) status.textContent = sentence;
}

// -- where the focus was, by what it was on, since the element itself is replaced

function focusedName() {
  const focused = document.activeElement;
  return { id: focused?.id, value: focused?.name === "do" ? focused.value : "" };
}

function refocus({ id, value }) {
  const current = byId("found").querySelector("[aria-current]");
  const button = value && document.querySelector(`[name=do][value="${value}"]`);
  const same = [id && byId(id), button].find((one) => one && !one.disabled);
  (same || current?.querySelector("a"))?.focus({ preventScroll: true });
  if (isWide() || !same?.closest("#text, #steps")) bringIntoView();
}

function isWide() {
  return matchMedia("(width >= 60rem)").matches;
}

// Each pane scrolls by itself where there is room for two; elsewhere only the list moves, and not
// away from the text whose edges somebody moves.
function bringIntoView() {
  const current = byId("found").querySelector("[aria-current]");
  const words = byId("text").querySelector("[aria-current]") ?? byId("prose").querySelector("mark");
  if (isWide()) words?.scrollIntoView({ block: "center" });
  current?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("submit", (event) => {
  if (event.target.closest(".bar")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='?']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  show(link.getAttribute("href"));
});

// -- the least score, and what accepting all that is ticked costs

function setLeast(value) {
  const slider = byId("least");
  slider.value = value;
  let shown = 0;
  const lines = [...byId("found").querySelectorAll(".found > li")];
  for (const line of lines) {
    const score = line.dataset.score;
    const hidden = score !== undefined && !line.ariaCurrent && Number(score) < Number(slider.value);
    line.hidden = hidden;
    shown += hidden ? 0 : 1;
    const tick = line.querySelector("[form=many]");
    if (tick) tick.disabled = hidden;
  }
  byId("least-value").textContent = Number(slider.value).toFixed(2);
  byId("shown-count").textContent = shown;
  byId("below-count").textContent = lines.length - shown;
  const bars = [...byId("found").querySelectorAll(".chart rect")];
  bars.forEach((bar, place) => {
    const within = (place + 1) / bars.length > Number(slider.value);
    bar.setAttribute("class", within ? "now" : "soft");
  });
  for (const field of document.querySelectorAll("#hand [name=least], #many [name=least]")) {
    field.value = slider.value;
  }
  addUp();
}

function addUp() {
  const ticked = [...document.querySelectorAll("[form=many]:checked:not(:disabled)")];
  const sum = (key) => ticked.reduce((total, tick) => total + Number(tick.dataset[key]), 0);
  const totals = { claims: ticked.length, least: sum("seats"), most: sum("most") };
  for (const place of document.querySelectorAll("[data-tally]")) {
    place.textContent = totals[place.dataset.tally];
  }
  const noun = document.querySelector("[data-one]");
  if (!noun) return;
  noun.textContent = ticked.length === 1 ? noun.dataset.one : noun.dataset.many;
  document.querySelector("#many button").disabled = !ticked.length;
}

document.addEventListener("input", (event) => {
  if (event.target.id === "least") setLeast(event.target.value);
});
document.addEventListener("change", (event) => {
  if (event.target.getAttribute("form") === "many") addUp();
});

// -- a claim of the words selected with the pointer

document.addEventListener("selectionchange", () => {
  const form = byId("selected");
  const span = selectedSpan(byId("prose"));
  form.hidden = !span;
  if (span) [form.elements.start.value, form.elements.end.value] = span;
});

// -- keys: on this page only, never while typing, and only for those who want them

function press(value) {
  document.querySelector(`:is(#hand, #steps) [name=do][value="${value}"]`)?.click();
}

function step(by) {
  const lines = [...byId("found").querySelectorAll(".found > li:not([hidden])")];
  const at = lines.findIndex((line) => line.ariaCurrent);
  const next = at < 0 ? (by > 0 ? 0 : lines.length - 1) : at + by;
  lines[next]?.querySelector("b > a").click();
}

function chooseReason(number) {
  const reasons = [...document.querySelectorAll("#hand [name=dismissal]")];
  const reason = reasons[number - 1];
  if (!reason) return;
  reason.checked = true;
  const other = byId("same_as");
  if (reason.value !== "same-as") press("dismiss");
  else (other ?? reason).focus();
}

// Where no second statement seems to begin, whoever splits says where.
function split() {
  const place = byId("at");
  if (!place || "suggested" in place.dataset) return press("split");
  place.closest("details").open = true;
  place.focus();
}

function inReasons() {
  return document.activeElement?.name === "dismissal";
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  a: () => press("accept"),
  d: () => document.querySelector("#hand [name=dismissal]")?.focus(),
  r: () => byId("restated")?.focus(),
  x: () => split(),
  m: () => press("merge"),
  u: () => press("undo"),
  U: () => press("redo"),
  "[": () => byId("start-handle")?.focus(),
  "]": () => byId("end-handle")?.focus(),
};

function isTyping(element) {
  return element.closest("textarea, select, input:not([type=radio], [type=checkbox], [type=range])");
}

// The keys that undo everywhere; in a field they undo what is typed there.
function turnedBy(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event.target)) return "";
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? "redo" : "undo";
  return key === "y" ? "redo" : "";
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hideReason();
  const turned = turnedBy(event);
  if (turned) {
    event.preventDefault();
    press(turned);
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const handle = event.target.closest(".handle");
  if (handle && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
    const leftwards = event.key === "ArrowLeft";
    const rtl = getComputedStyle(handle).direction === "rtl";
    moveEdge(handle, leftwards === rtl ? handle.dataset.on : handle.dataset.back);
    event.preventDefault();
  } else if (singleKeys && inReasons() && /^[1-9]$/.test(event.key)) {
    event.preventDefault();
    chooseReason(Number(event.key));
  } else if (singleKeys && KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
});

function moveEdge(handle, value, at) {
  const form = byId("hand");
  const body = new URLSearchParams(new FormData(form));
  body.set("do", value);
  if (at !== undefined) body.set("edge_at", at);
  handle.focus();
  swap(form.getAttribute("action"), { method: "POST", body });
}

// -- an edge dragged by mouse, pen or finger; the server sets it to the nearest word

const STEADY = 4; // pixels that a press may tremble without being a drag
const AFTER_PRESS = 50; // milliseconds in which its click follows
let drag = null;

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest(".handle");
  if (!handle || event.button) return;
  drag = { handle, x: event.clientX, y: event.clientY, place: null };
  handle.setPointerCapture(event.pointerId);
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y);
  if (!drag.isMoving && far < STEADY) return;
  drag.isMoving = true;
  drag.place = placeAt(byId("prose"), event.clientX, event.clientY) ?? drag.place;
  if (drag.place) showDragged(drag);
});

document.addEventListener("pointerup", () => {
  const { handle, isMoving, place } = drag ?? {};
  endDrag();
  if (!isMoving) return;
  // The press that ends a drag is no press of the button.
  const ignore = (click) => click.preventDefault();
  handle.addEventListener("click", ignore, { once: true });
  setTimeout(() => handle.removeEventListener("click", ignore), AFTER_PRESS);
  if (place) moveEdge(handle, handle.dataset.atDrop, offsetAt(place));
});
document.addEventListener("pointercancel", endDrag);

function endDrag() {
  drag = null;
  globalThis.CSS?.highlights?.delete("dragged");
}

function showDragged({ handle, place }) {
  if (!globalThis.CSS?.highlights) return;
  const range = document.createRange();
  const other = byId(handle.id === "start-handle" ? "end-handle" : "start-handle");
  if (handle.id === "start-handle") {
    range.setEndBefore(other);
    range.setStart(place.node, place.offset);
  } else {
    range.setStartAfter(other);
    range.setEnd(place.node, place.offset);
  }
  CSS.highlights.set("dragged", new Highlight(range));
}

// -- why a claim was proposed, where its words are pointed at or focused; the list says it too

const LINGER = 200; // milliseconds in which the pointer may go over to what is shown
let leaving = 0;

function showReason(link) {
  const why = byId(link.getAttribute("aria-describedby"));
  if (!why) return;
  clearTimeout(leaving);
  const tip = byId("tip");
  const score = why.closest("li").querySelector(".n").textContent.trim();
  tip.textContent = `${score}  ${why.textContent.trim()}`;
  tip.hidden = false;
  const words = link.getClientRects()[0];
  const room = document.documentElement;
  const left = Math.min(words.left, room.clientWidth - tip.offsetWidth - 8);
  const below = words.bottom + 4 + tip.offsetHeight < room.clientHeight;
  tip.style.left = `${Math.max(8, left)}px`;
  tip.style.top = `${below ? words.bottom + 4 : words.top - tip.offsetHeight - 4}px`;
}

function hideReason() {
  clearTimeout(leaving);
  byId("tip").hidden = true;
}

function explained(element) {
  return element.closest?.("#prose a[aria-describedby]");
}

document.addEventListener("pointerover", (event) => {
  const link = explained(event.target);
  if (link && !drag && event.pointerType !== "touch") showReason(link);
  else if (event.target.closest?.("#tip")) clearTimeout(leaving);
});
document.addEventListener("pointerout", (event) => {
  if (explained(event.target) || event.target.closest?.("#tip")) leaving = setTimeout(hideReason, LINGER);
});
document.addEventListener("focusin", (event) => {
  const link = explained(event.target);
  if (link?.matches(":focus-visible")) showReason(link);
});
document.addEventListener("focusout", (event) => {
  if (explained(event.target)) hideReason();
});
document.addEventListener("scroll", hideReason, { capture: true, passive: true });

// -- what is shown only where scripts run, or only where they do not

function prepare() {
  for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;
  for (const part of document.querySelectorAll("[data-without-script]")) part.hidden = true;
}

prepare();
bringIntoView();
