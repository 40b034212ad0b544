// A ticket: forms are sent without leaving the page, so that whatever happens the text stays; which of them are shown
// follows the ticket's state, which the jury may change at any time.

import { forget, keep, kept } from "./drafts.js";

const root = document.querySelector("[data-desk]");
const words = JSON.parse(root.dataset.words);

for (const form of root.querySelectorAll("form[data-deed]")) {
  const key = `${root.dataset.desk}:${form.dataset.deed}`;
  const draft = kept(key);
  if (draft) {
    for (const [name, value] of Object.entries(draft)) if (form.elements[name]) form.elements[name].value = value;
    form.closest("details")?.setAttribute("open", "");
  }
  form.addEventListener("input", () => keep(key, form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(key, form);
  });
}

async function send(key, form) {
  const button = form.querySelector("button");
  const problem = form.querySelector("[data-problem]");
  problem.textContent = "";
  button.disabled = true;
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    const answer = await response.json();
    if (response.ok) {
      forget(key);
      history.replaceState(null, "", answer.next);
      location.reload();
      return;
    }
    tell(form, answer);
  } catch {
    say(problem, words.failed);
  }
  button.disabled = false;
}

function tell(form, { message, faults = {} }) {
  say(form.querySelector("[data-problem]"), message);
  for (const place of form.querySelectorAll("[data-fault]")) {
    const wrong = place.dataset.fault in faults;
    place.textContent = faults[place.dataset.fault] ?? "";
    place.closest(".field").classList.toggle("wrong", wrong);
    const field = form.elements[place.dataset.fault];
    if (wrong) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
  form.querySelector("[aria-invalid]")?.focus();
}

function say(element, sentence) {
  const line = document.createElement("p");
  line.className = "notice problem";
  line.textContent = sentence;
  element.replaceChildren(line);
}

// --- which deeds can be done now
function offer() {
  const { status } = root.querySelector("[data-status]").dataset;
  for (const element of root.querySelectorAll("[data-when]")) element.hidden = !element.dataset.when.split(" ").includes(status);
}
root.querySelector("[data-thread]").addEventListener("htmx:afterSwap", offer);
offer();

// --- the priority that follows from impact and urgency
const qualify = root.querySelector("form[data-deed=qualified]");
function rank() {
  const chosen = `${qualify.elements.impact.value}-${qualify.elements.urgency.value}`;
  for (const cell of qualify.querySelectorAll("[data-cell]")) {
    const here = cell.dataset.cell === chosen;
    cell.classList.toggle("here", here);
    if (here) qualify.querySelector("[data-priority]").textContent = cell.textContent;
  }
}
qualify.addEventListener("change", rank);
rank();
