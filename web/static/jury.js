// The evidence of a candidate: checks are filtered without asking for the page again, and whatever is linked to is shown.

const form = document.querySelector("[data-filter]");
const checks = [...document.querySelectorAll(".check")];

function apply() {
  const { verdict, competence } = form.elements;
  for (const check of checks) {
    const other = verdict.value && !check.classList.contains(verdict.value);
    check.hidden = Boolean(other || (competence.value && check.dataset.competency !== competence.value));
  }
  for (const task of document.querySelectorAll(".task")) task.hidden = !task.querySelector(".check:not([hidden])");
  form.querySelector("[data-shown]").textContent = `${checks.filter((check) => !check.hidden).length} / ${checks.length}`;
}

function showTarget() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target?.hidden) return;
  form.elements.verdict.value = form.elements.competence.value = "";
  apply();
  target.scrollIntoView();
}

form.querySelector("button").hidden = true;
form.addEventListener("change", apply);
addEventListener("hashchange", showTarget);
apply();
showTarget();
