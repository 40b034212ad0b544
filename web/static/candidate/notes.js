// The notes for the jury: saved while one types. What is not saved yet is kept in this tab, so that a reload loses
// nothing; what another tab saved meanwhile is shown, and the candidate chooses.

import { left } from "./clock.js";
import { onLeaving, onTold, send } from "./place.js";

const PAUSE_MS = 1000; // saved after a pause in typing…
const LONGEST_MS = 4000; // …and in any case after so long
const NEAR_END_S = 8; // exam seconds: then at once
const AGAIN_MS = 3000;

const panel = document.querySelector("[data-notes]");
const words = JSON.parse(panel.dataset.words);
const field = panel.querySelector("textarea");
const state = panel.querySelector("[data-notes-state]");
const length = panel.querySelector("[data-notes-length]");
const problem = panel.querySelector("[data-notes-problem]");
const conflict = panel.querySelector("[data-notes-conflict]");
const key = panel.dataset.key;

let version = panel.dataset.version;
let saved = field.value;
let since = null; // of the oldest change that is not saved
let timer = null;
let saving = null;
let theirs = null; // what another tab saved, while the candidate has not chosen
let running = false;
let gone = false;

const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
if (kept && kept.text !== saved) {
  field.value = kept.text;
  version = kept.base;
  changed();
}
count();

field.addEventListener("input", changed);
field.addEventListener("change", save);
document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
window.addEventListener("beforeunload", (event) => { if (isDirty() && !gone) event.preventDefault(); });
onLeaving(() => { gone = true; });
onTold((told) => {
  const resumed = told.running && !running;
  running = told.running;
  field.readOnly = !running;
  if (resumed && isDirty()) save();
});
for (const button of conflict.querySelectorAll("[data-keep]")) {
  button.addEventListener("click", () => settle(button.dataset.keep));
}

export function isDirty() {
  return field.value !== saved;
}

export function leave() {
  gone = true;
}

function count() {
  length.textContent = `${field.value.length.toLocaleString(document.documentElement.lang)} / ${Number(field.maxLength).toLocaleString(document.documentElement.lang)}`;
}

function changed() {
  count();
  sessionStorage.setItem(key, JSON.stringify({ text: field.value, base: version }));
  if (theirs !== null) return;
  state.textContent = words.typing;
  since ??= performance.now();
  const wait = left() < NEAR_END_S ? 0 : Math.min(PAUSE_MS, since + LONGEST_MS - performance.now());
  later(wait);
}

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(save, Math.max(0, wait));
}

export async function save() {
  clearTimeout(timer);
  if (saving) await saving;
  if (!isDirty() || theirs !== null || !running) return;
  saving = put(field.value);
  await saving;
  saving = null;
}

async function put(text) {
  let response, answer;
  try {
    response = await send(panel.dataset.notes, { text: text.toWellFormed?.() ?? text, base: version });
    answer = await response.json();
  } catch {
    problem.textContent = words.failed;
    later(AGAIN_MS);
    return;
  }
  if (response.ok) {
    version = answer.version;
    saved = text;
    since = null;
    problem.textContent = "";
    state.textContent = words.saved.replace("{at}", answer.at);
    if (isDirty()) changed();
    else sessionStorage.removeItem(key);
  } else if (answer.text !== undefined) {
    theirs = answer;
    conflict.querySelector("pre").textContent = answer.text;
    conflict.hidden = false;
    state.textContent = words.typing;
    conflict.querySelector("button").focus();
  } else {
    problem.textContent = `${words.kept} ${answer.message}`;
    if (response.status === 429 || response.status >= 500) later(AGAIN_MS);
  }
}

function settle(which) {
  version = theirs.version;
  if (which === "both") field.value = `${field.value}\n\n${theirs.text}`.slice(0, field.maxLength);
  if (which === "theirs") field.value = theirs.text;
  saved = theirs.text;
  theirs = null;
  conflict.hidden = true;
  field.focus();
  changed();
  save();
}
