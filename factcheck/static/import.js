// Shows how a pasted text would be cut while somebody types: sends the page's own form with its
// button for that, and puts in what the server answers. Nothing is stored by it.

const AFTER_TYPING = 400; // milliseconds of rest before the text is sent
const form = document.getElementById("import");
const text = form.elements.text;
const status = form.querySelector(".actions .status");
let resting = 0;
let asking = null;

async function look() {
  asking?.abort();
  asking = new AbortController();
  const body = new FormData(form);
  body.delete("file");
  body.set("do", "preview");
  try {
    const request = { method: "POST", body, signal: asking.signal };
    const answer = await fetch(location.pathname, request);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    put(page.getElementById("preview"));
  } catch (failure) {
    if (failure.name !== "AbortError") put(null);
  }
}

// Without an answer there is no preview; the import itself says what is wrong with the text.
function put(shown) {
  const old = document.getElementById("preview");
  const isOpen = Boolean(old.querySelector("details[open]"));
  if (shown) old.replaceWith(shown);
  else old.hidden = true;
  const claims = shown?.querySelector("details");
  if (claims) claims.open = isOpen;
  const said = shown?.querySelector("#preview-said").textContent.trim() ?? "";
  if (status.textContent !== said) status.textContent = said;
}

function rest() {
  clearTimeout(resting);
  if (text.value.trim()) resting = setTimeout(look, AFTER_TYPING);
  else put(null);
}

text.addEventListener("input", rest);
form.elements.published?.addEventListener("change", rest);
form.elements.policy?.addEventListener("change", rest);
for (const part of document.querySelectorAll("[data-without-script]")) part.hidden = true;
rest();
