// The clock of the phase under way: as the site last said, counted on in between by a clock that nobody can set.

const said = document.querySelector("[data-hour-said]");
const heard = new WeakMap();

const two = (number) => String(number).padStart(2, "0");

function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 3600)}:${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function paint() {
  const clock = document.querySelector("[data-clock]");
  if (!clock) return;
  if (!heard.has(clock)) heard.set(clock, { lasted: Number(clock.dataset.lasted), at: performance.now() });
  const { lasted, at } = heard.get(clock);
  const now = lasted + ((performance.now() - at) / 1000) * Number(clock.dataset.speed);
  const over = now - Number(clock.dataset.allotted);
  write(clock.querySelector("[data-time]"), span(now));
  write(clock.querySelector("[data-time-left]"), span(Math.ceil(-over)));
  write(clock.querySelector("[data-time-over]"), span(over));
  const isOver = over > 0;
  if (isOver && !clock.classList.contains("is-over")) write(said, said.dataset.over);
  clock.classList.toggle("is-over", isOver);
  clock.querySelector("[data-left]").hidden = isOver;
  clock.querySelector("[data-over]").hidden = !isOver;
}

document.addEventListener("hour-clock", (event) => {
  const clock = document.querySelector("[data-clock]");
  if (clock) heard.set(clock, { lasted: event.detail.lasted, at: performance.now() });
  paint();
});

// What somebody is typing is not replaced under their hands.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id === "hour-course" && event.detail.target.querySelector("details[open]")) event.preventDefault();
});

setInterval(paint, 250);
paint();
