// @ts-check
/** Converts the server's UTC times to the reader's time zone. */

const DAY_MS = 86_400_000;

/**
 * Formats a time in the reader's zone: without the date if it is today, without the year if it is this year.
 *
 * @param {Date} at
 * @param {Date} now
 * @returns {string}
 */
function localMoment(at, now) {
  const sameDay = at.toDateString() === now.toDateString();
  const recent = Math.abs(now.getTime() - at.getTime()) < 300 * DAY_MS;
  /** @type {Intl.DateTimeFormatOptions} */
  const date = sameDay ? {} : { day: "numeric", month: "short", ...(recent ? {} : { year: "numeric" }) };
  return new Intl.DateTimeFormat(undefined, { ...date, hour: "numeric", minute: "2-digit" }).format(at);
}

/**
 * Rewrites every `<time>` below `root`; the full time with its zone is in the title.
 *
 * @param {ParentNode} root
 * @param {Date} [now]
 */
export function showLocalTimes(root, now = new Date()) {
  for (const element of root.querySelectorAll("time[datetime]")) {
    const at = new Date(element.getAttribute("datetime") ?? "");
    if (Number.isNaN(at.getTime())) {
      continue;
    }
    element.textContent = localMoment(at, now);
    element.setAttribute("title", at.toLocaleString(undefined, { dateStyle: "full", timeStyle: "long" }));
  }
}

const YEAR_S = 31_536_000;

/** @returns {string}  the reader's zone by its IANA name, for example Europe/Lisbon */
function readersZone() {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/**
 * Says which zone the page's times are in, and tells the server, whose charts and filters count days in it.
 * Where an address names a zone (a shared link), its days stay in that zone.
 *
 * @param {Document} page
 */
export function applyZone(page) {
  const zone = readersZone();
  const secure = page.location.protocol === "https:" ? "; secure" : "";
  page.cookie = `keytrail_zone=${zone}; path=/; max-age=${YEAR_S}; samesite=lax${secure}`;
  for (const place of page.querySelectorAll("[data-zone]")) {
    if (place instanceof HTMLInputElement) {
      place.value ||= zone;
    } else {
      place.textContent = place.getAttribute("data-zone") || zone;
    }
  }
}
