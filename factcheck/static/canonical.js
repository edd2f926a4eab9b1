  // The one address under which a page is looked up (factcheck/fetch/canonical.py); null for none.

  const SHAPE = /^[Hh][Tt][Tt][Pp][Ss]?:\/\/(?:[^/?#\\@:[\]]+|\[[^\]]*\])(?::\d*)?(?:[/?#]|$)/;
  const HOST = /^\[|^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.(?=.)|$))+$/;
  // What says where a reader came from, or asks for the AMP form, and never which page it is.
  const NO_PAGE = new RegExp(
    "^(?:utm_\\w*|gclid|gclsrc|dclid|gbraid|wbraid|fbclid|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_cid|mc_eid|" +
      "_hsenc|_hsmi|mkt_tok|ref_src|ref_url|srsltid|cmpid|at_\\w*|xtor|_ga|_gl|vero_id|amp|amp_\\w*|usqp)(?:=.*)?$|" +
      "^outputType=amp$", "i"
  );
  const AMP_CACHES = [
    [/^(?:[^.]+\.)?cdn\.ampproject\.org$/, /^\/[a-z]\/(?:s\/)?([^/]+\.[^/]+\/.*)$/],
    [/^(?:www\.)?google\.[a-z.]+$/, /^\/amp\/(?:s\/)?([^/]+\.[^/]+\/.*)$/],
  ];

  function canonicalAddress(written) {
    for (let found = written; ; ) {
      const next = plainer(found);
      if (!next || next === found) return next;
      found = next;
    }
  }

  function plainer(written) {
    let url = normalUrl(written);
    if (!url) return null;
    for (const [host, path] of AMP_CACHES) {
      const inner = host.test(url.hostname) && (url.pathname + url.search).match(path);
      if (inner) url = normalUrl(`https://${inner[1]}`) || url;
    }
    const host = /^[\d.]+$|^\[/.test(url.hostname)
      ? url.hostname
      : url.hostname.replace(/^(?:(?:www|m|mobile|amp)\.)+(?=[^.]+\.)|(?<=^..\.)m\.(?=[^.]+\.)/, "");
    const path = url.pathname.replace(/^\/amp(?=\/.)|\/amp(?=\/*$)|\.amp(?=(?:\.html?)?\/*$)/gi, "").replace(/\/+$/, "");
    const kept = url.search.slice(1).split("&").filter((part) => part && !NO_PAGE.test(part)).join("&");
    return `https://${host}${url.port && ":" + url.port}${path || "/"}${kept && "?" + kept}`;
  }

  // An address as the site reads it (factcheck/fetch/urls.py), which mends no sloppy writing.
  function normalUrl(written) {
    const text = written.trim();
    if (text.length > 4000 || !SHAPE.test(text) || /[\x00-\x20\x7f]/.test(text) || /^[^?#]*\\/.test(text)) return null;
    try {
      const url = new URL(text);
      if (url.hostname.endsWith(".")) url.hostname = url.hostname.slice(0, -1);
      if (!HOST.test(url.hostname)) return null;
      // Browsers differ from the URL standard in two characters of a path.
      const path = url.pathname.replaceAll("^", "%5E").replaceAll("%7C", /%7c/i.test(text) ? "%7C" : "|");
      return { hostname: url.hostname, port: url.port, pathname: path, search: url.search };
    } catch {
      return null;
    }
  }

  async function sha256(text) {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
