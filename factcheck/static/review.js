// What the review page gains from a script: saving while typing, a copy kept in the browser, keys,
// a live preview, sources added without a reload. Without it every button works by itself.

const form = document.querySelector("#review");
const rows = document.querySelector("#source-rows");
const template = document.querySelector("#source-row");
const saved = document.querySelector("#saved");
const SAVE_AFTER_MS = 1500;
const PREVIEW_AFTER_MS = 400;
const RETRY_AFTER_MS = 15000;

const COPY = "factcheck:review:";
const SENT = "factcheck:sent"; // whose copy in this browser is no longer needed, once a page says so

dropSentCopy();
if (rows) setUpSources();
if (form) setUpReview();

function dropSentCopy() {
  try {
    const sent = sessionStorage.getItem(SENT);
    if (!sent || document.querySelector("[role=alert]")) return;
    localStorage.removeItem(sent);
    sessionStorage.removeItem(SENT);
  } catch {
    // Private windows may refuse; nothing was kept then.
  }
}

function setUpSources() {
  rows.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button || !template) return;
    if (button.matches("[data-add]")) {
      event.preventDefault();
      addRow().querySelector("input").focus();
    } else if (button.matches("[data-remove]")) {
      event.preventDefault();
      button.closest("li").remove();
      (rows.querySelector("li:last-child input") ?? rows).focus();
      rows.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}

function addRow() {
  const last = Math.max(0, ...[...rows.children].map((row) => Number(row.dataset.row)));
  const holder = document.createElement("ol");
  holder.innerHTML = template.innerHTML.replaceAll("__n__", String(last + 1));
  const row = holder.firstElementChild;
  rows.append(row);
  return row;
}

function fill(row, url, title) {
  row.querySelector("input[name$='-url']").value = url;
  row.querySelector("input[name$='-title']").value = title;
}

function setUpReview() {
  const copyKey = COPY + form.dataset.copy;
  let dirty = false;
  let saving = false;
  let stopped = false;
  let timer = 0;
  let previewTimer = 0;

  restore();
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-take]");
    if (!button) return;
    event.preventDefault();
    take(button.dataset.take, button.dataset.title ?? "");
  });
  form.addEventListener("input", (event) => {
    changed();
    if (event.target.id === "rationale" || rows.contains(event.target)) preview();
  });
  form.addEventListener("submit", () => {
    stopped = true;
    try {
      sessionStorage.setItem(SENT, copyKey);
    } catch {
      // As above.
    }
  });
  window.addEventListener("online", save);
  window.addEventListener("pageshow", () => {
    stopped = false;
  });
  document.addEventListener("keydown", pressed);

  function changed() {
    dirty = true;
    keepCopy();
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_AFTER_MS);
  }

  // -- the copy in this browser, for a lost connection or a session that ended

  function entries() {
    return [...new FormData(form)].filter(([name]) => name !== "csrf_token");
  }

  function keepCopy() {
    try {
      localStorage.setItem(copyKey, JSON.stringify(entries()));
    } catch {
      // Private windows may refuse; the server's copy remains.
    }
  }

  function dropCopy() {
    try {
      localStorage.removeItem(copyKey);
    } catch {
      // As above.
    }
  }

  function restore() {
    let copy = null;
    try {
      copy = JSON.parse(localStorage.getItem(copyKey));
    } catch {
      return;
    }
    if (!copy || document.querySelector("[role=alert]")) return;
    if (JSON.stringify(copy) === JSON.stringify(entries())) return dropCopy();
    rows.replaceChildren(); // rows may have been removed: their numbers are no places
    const numbers = new Map();
    for (const [name, value] of copy) {
      const [, number, part] = /^source-(\d+)-(.+)$/.exec(name) ?? [];
      if (number && !numbers.has(number)) numbers.set(number, addRow().dataset.row);
      // The version of the copy is put back too: the server tells if it has something newer.
      const field = form.elements.namedItem(number ? `source-${numbers.get(number)}-${part}` : name);
      if (field) field.value = value;
    }
    citeAsked();
    saved.textContent = form.dataset.restored;
    dirty = true;
    save();
    preview();
  }

  function take(url, title) {
    const fields = [...rows.querySelectorAll("input[name$='-url']")];
    const there = fields.find((field) => field.value === url);
    const row = (there ?? fields.find((field) => !field.value))?.closest("li") ?? addRow();
    if (!there) fill(row, url, title);
    row.querySelector("input[type=radio]").focus();
    rows.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // A source that the address of the page asks for is not in the copy that was put back.
  function citeAsked() {
    const asked = new URLSearchParams(location.search);
    const url = asked.get("cite");
    if (!url || [...rows.querySelectorAll("input[name$='-url']")].some((one) => one.value === url)) return;
    fill(addRow(), url, asked.get("title") ?? "");
  }

  // -- saving

  async function save() {
    clearTimeout(timer);
    if (!dirty || stopped || saving) return;
    saving = true;
    dirty = false;
    const data = new FormData(form);
    data.set("do", "save");
    let response;
    try {
      response = await fetch(form.action, {
        method: "POST",
        body: data,
        headers: { Accept: "application/json" },
        redirect: "error",
      });
    } catch {
      again(form.dataset.offline);
      return;
    }
    await answered(response);
  }

  function again(sentence) {
    saving = false;
    dirty = true;
    saved.textContent = sentence;
    clearTimeout(timer);
    timer = setTimeout(save, RETRY_AFTER_MS);
  }

  async function answered(response) {
    const isJson = (response.headers.get("Content-Type") ?? "").startsWith("application/json");
    if (!isJson) {
      again(response.status === 401 ? form.dataset.signedOut : form.dataset.offline);
      return;
    }
    const told = await response.json();
    saving = false;
    saved.textContent = told.message;
    if (response.ok) {
      form.elements.version.value = told.version;
      if (dirty) changed();
      else if (told.is_whole) dropCopy();
      else keepCopy(); // a source that lacks something is in this browser alone
    } else if (response.status === 409) {
      stopped = true; // the button “Save draft” shows both texts
    }
  }

  // -- the preview, made by the server

  function preview() {
    clearTimeout(previewTimer);
    previewTimer = setTimeout(async () => {
      const data = new FormData();
      data.set("csrf_token", form.elements.csrf_token.value);
      data.set("rationale", form.elements.rationale.value);
      const urls = [...rows.querySelectorAll("input[name$='-url']")];
      data.set("sources", urls.filter((field) => field.value.trim()).length);
      try {
        const response = await fetch(form.dataset.preview, { method: "POST", body: data });
        if (response.ok) document.querySelector("#preview").innerHTML = await response.text();
      } catch {
        // The next change asks again.
      }
    }, PREVIEW_AFTER_MS);
  }

  // -- keys

  function pressed(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      document.querySelector("#submit").click();
      return;
    }
    const typing = event.target.closest("textarea, select, input:not([type=radio], [type=checkbox])");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.body.dataset.singleKeys !== "on") return;
    const action = keyAction(event.key);
    if (!action) return;
    event.preventDefault();
    action();
  }

  function keyAction(key) {
    if (/^[1-9]$/.test(key)) {
      const radio = form.querySelectorAll("input[name=rating]")[Number(key) - 1];
      return radio && (() => radio.click());
    }
    const focus = (field) => () => field.focus();
    return {
      s: () => {
        const fields = [...rows.querySelectorAll("input[id$='-url']")];
        (fields.find((field) => !field.value) ?? addRow().querySelector("input")).focus();
      },
      e: focus(form.elements.rationale),
      n: focus(form.elements.private_note),
    }[key];
  }
}
