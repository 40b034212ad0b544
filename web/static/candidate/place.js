// Asks every few seconds how the candidate's place stands, and tells whoever wants to know. Another page is theirs now:
// it is loaded. What is said comes from the site, in the page's language.

const EVERY_MS = 5000;
const SILENT_AFTER = 2; // answers missed before it is said
const SLEPT_MS = 3000;

export const root = document.querySelector("[data-place]");
const listeners = [];
const leaving = [];
let told = JSON.parse(root.dataset.told);
let heardAt = performance.now();
let missed = 0;
let timer = null;

export function onTold(listener) {
  listeners.push(listener);
  listener(told, heardAt);
}

// What must be done before another page is loaded.
export function onLeaving(listener) {
  leaving.push(listener);
}

export function goOn() {
  for (const listener of leaving) listener();
  location.reload();
}

export function send(address, body) {
  const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers"));
  return fetch(address, {
    method: "POST",
    headers: { "X-CSRFToken": token, "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
  });
}

export function say(element, ...sentences) {
  if (element.dataset.said === sentences.join("\n")) return;
  element.dataset.said = sentences.join("\n");
  element.replaceChildren(...sentences.map((sentence) => {
    const line = document.createElement("p");
    line.className = "notice warn";
    line.textContent = sentence;
    return line;
  }));
}

export function hear(news, at = performance.now()) {
  told = news;
  heardAt = at;
  for (const listener of listeners) listener(told, heardAt);
}

export async function ask() {
  clearTimeout(timer);
  const asked = performance.now();
  try {
    const response = await fetch(root.dataset.place, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(EVERY_MS * 2) });
    if (response.status === 401 || response.status === 403 || response.redirected) {
      goOn(); // the seat was given to another screen: the site says so
      return;
    }
    if (!response.ok) throw new Error(response.status);
    const news = await response.json();
    missed = 0;
    say(root.querySelector("[data-lost]"));
    if (news.page !== told.page) {
      goOn();
      return;
    }
    hear(news, (asked + performance.now()) / 2);
  } catch {
    missed += 1;
    const lost = root.querySelector("[data-lost]");
    if (missed >= SILENT_AFTER) say(lost, lost.dataset.text);
  }
  clearTimeout(timer);
  timer = setTimeout(ask, EVERY_MS * (0.9 + Math.random() / 5)); // not a whole room at the same moment
}

// A computer that slept, or a page that was hidden, asks at once.
let ticked = Date.now();
setInterval(() => {
  if (Date.now() - ticked > SLEPT_MS) ask();
  ticked = Date.now();
}, 1000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
window.addEventListener("pageshow", (event) => { if (event.persisted) goOn(); });
timer = setTimeout(ask, EVERY_MS);
