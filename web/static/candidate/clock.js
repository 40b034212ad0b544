// The time left: the site's, counted on between two answers by a clock that nobody can set.

import { ask, onTold, root } from "./place.js";

const shown = root.querySelector("[data-left]");
const paused = root.querySelector("[data-paused]");
const WARN_MINUTES = (root.dataset.warnMinutes ?? "15 5 1").split(" ").map(Number);
let now = null;
let heard = 0;
let asked = false;

onTold((told, at) => {
  now = told;
  heard = at;
  asked = false;
  paused.hidden = told.running;
  show();
});

export function left() {
  const passed = now.running ? ((performance.now() - heard) / 1000) * now.speed : 0;
  return Math.max(0, now.left_s - passed);
}

// The smallest warning that holds, in minutes; none: null.
export function warning() {
  const minutes = left() / 60;
  return WARN_MINUTES.filter((one) => minutes <= one).pop() ?? null;
}

function show() {
  const whole = Math.floor(left());
  const two = (number) => String(number).padStart(2, "0");
  const text = `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  if (shown.textContent !== text) shown.textContent = text;
  shown.classList.toggle("soon", warning() !== null);
  if (whole === 0 && now.running && !asked) {
    asked = true;
    ask();
  }
}

setInterval(show, 250);
