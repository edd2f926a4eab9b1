// Renews the pictures every minute while somebody looks, without a reload and without a word: what
// is open stays open, and nothing is put in another's place while the keyboard is in it.

const EVERY_MS = 60_000;
const ID = "pictures";

async function renew() {
  const here = document.getElementById(ID);
  if (document.visibilityState !== "visible" || here.contains(document.activeElement)) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return; // signed out meanwhile: the next click will say so
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(ID);
    if (!fresh || here.contains(document.activeElement)) return;
    for (const details of here.querySelectorAll("details[open]")) {
      fresh.querySelector(`#${details.id}`)?.setAttribute("open", "");
    }
    here.replaceChildren(...fresh.childNodes);
  } catch {
    // The network is away; the figures say as of when they are.
  }
}

setInterval(renew, EVERY_MS);
document.addEventListener("visibilitychange", renew);
