// The wall and a candidate's sheet: clocks that count down by the server's time, order and filter of the tiles, and a
// sign when the stream has fallen silent.

const page = document.querySelector("[sse-connect]");
const STALE_MS = 6000; // the server says the time every two seconds
const SOON_MS = 10 * 60 * 1000;

// --- exam time: what the server last said, and how long ago that was
const time = { now: Number(page.dataset.now), speed: Number(page.dataset.speed), at: performance.now() };
let heard = performance.now();
let heardAt = new Date();

const examNow = () => time.now + (performance.now() - time.at) * time.speed;
const two = (number) => String(number).padStart(2, "0");
const clock = (date) => `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;

function span(ms) {
  const whole = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(whole / 3600)}:${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
}

function paint() {
  const now = examNow();
  for (const element of document.querySelectorAll("[data-deadline]")) {
    const left = Number(element.dataset.deadline) - now;
    element.textContent = span(left);
    element.classList.toggle("soon", left < SOON_MS);
  }
  const exam = document.querySelector("[data-exam-clock]");
  if (exam) exam.textContent = clock(new Date(now));
  const stale = performance.now() - heard > STALE_MS;
  const notice = document.getElementById("stale");
  if (stale && notice.hidden) notice.querySelector("[data-since]").textContent = clock(heardAt);
  notice.hidden = !stale;
  page.classList.toggle("is-stale", stale);
}

document.addEventListener("htmx:sseMessage", (event) => {
  heard = performance.now();
  heardAt = new Date();
  if (event.detail.type === "tick") {
    const said = JSON.parse(event.detail.data);
    Object.assign(time, { now: said.now, speed: said.speed, at: performance.now() });
  } else if (event.detail.type.startsWith("tile-")) {
    paint();
    arrange();
  }
});

// --- orders: what somebody is typing is not replaced under their hands
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id === "room-orders" && event.detail.target.querySelector("details.order[open]")) {
    event.preventDefault();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of document.querySelectorAll("details.order[open]")) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

// --- order and filter
const view = document.getElementById("wall-view");
const wall = document.getElementById("wall");
const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });

const by = {
  seat: (a, b) => collator.compare(a.seat || "~", b.seat || "~"),
  name: (a, b) => collator.compare(a.name, b.name),
  need: (a, b) => Number(b.need) - Number(a.need),
  end: (a, b) => Number(a.ends ?? Infinity) - Number(b.ends ?? Infinity) || 0,
};

function arrange() {
  if (!wall) return;
  const tiles = [...wall.children].map((item) => ({ item, data: item.firstElementChild?.dataset ?? {} }));
  const only = view.elements.only.checked;
  let needing = 0;
  let shown = 0;
  for (const { item, data } of tiles) {
    const needs = Number(data.need) > 0;
    needing += needs;
    item.hidden = only && !needs;
    shown += !item.hidden;
  }
  view.querySelector("[data-needing]").textContent = needing;
  document.getElementById("none-needs").hidden = shown > 0;
  wall.classList.toggle("without-screens", !view.elements.screens.checked);
  const first = by[view.elements.sort.value] ?? by.seat;
  const wanted = tiles.toSorted((a, b) => first(a.data, b.data) || by.seat(a.data, b.data) || by.name(a.data, b.data));
  if (wanted.some((one, place) => one.item !== tiles[place].item)) {
    const focused = document.activeElement;
    wall.append(...wanted.map((one) => one.item));
    if (wall.contains(focused)) focused.focus();
  }
}

if (view) {
  const kept = JSON.parse(sessionStorage.getItem("wall") ?? "{}");
  if (kept.sort in by) view.elements.sort.value = kept.sort;
  view.elements.only.checked = kept.only ?? false;
  view.elements.screens.checked = kept.screens ?? true;
  view.addEventListener("submit", (event) => event.preventDefault());
  view.addEventListener("change", () => {
    const { sort, only, screens } = view.elements;
    sessionStorage.setItem("wall", JSON.stringify({ sort: sort.value, only: only.checked, screens: screens.checked }));
    arrange();
  });
  arrange();
}

paint();
setInterval(paint, 250);
