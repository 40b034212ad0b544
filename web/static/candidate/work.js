// While the candidate works: the pieces of the page, put together.

import "./hand.js";
import "./layout.js";
import "./tabs.js";
import { warning } from "./clock.js";
import { isDirty, leave, save } from "./notes.js";
import { onTold, root, say, send } from "./place.js";

// --- what must be known now
const notices = root.querySelector("[data-notices]");
const finish = root.querySelector("[data-finish]");
let told = null;
function tell() {
  const minutes = warning();
  const soon = minutes === null ? [] : [root.dataset.soon.replace("{minutes}", minutes)];
  say(notices, ...told.notices, ...soon);
}
onTold((news) => {
  told = news;
  finish.querySelector("button").disabled = !news.running;
  root.classList.toggle("is-paused", !news.running);
  tell();
});
setInterval(tell, 5000);

// --- finishing: the last words first
finish.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (isDirty()) await save();
  leave();
  finish.submit();
});

// --- tasks ticked for oneself
const tasks = root.querySelector("[data-tick]");
const boxes = [...tasks.querySelectorAll("input")];
function count() {
  root.querySelector("[data-ticked]").textContent = `${boxes.filter((box) => box.checked).length}/${boxes.length}`;
}
tasks.addEventListener("change", async ({ target: box }) => {
  count();
  const done = box.checked;
  const response = await send(tasks.dataset.tick, { task: box.value, done }).catch(() => null);
  if (!response?.ok) box.checked = !done;
  count();
});
count();
