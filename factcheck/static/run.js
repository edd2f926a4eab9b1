// A run's page while it is under way: what the page says is asked for again and put in its place.
const PAUSE = 2000; // milliseconds

async function look() {
  const part = document.getElementById("run");
  if (!part || !("underWay" in part.dataset)) return;
  if (!document.hidden && !part.contains(document.activeElement)) {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("run");
        if (fresh && !("underWay" in fresh.dataset)) return location.reload();
        if (fresh) part.querySelector("[role=status]").replaceWith(fresh.querySelector("[role=status]"));
      }
    } catch {
      // no connection for a moment: it is asked again
    }
  }
  setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);
