// The layout of the page, as it was left: subject, machines, or both.

import { root } from "./place.js";

const room = root.querySelector("[data-layout]");
const choices = [...root.querySelectorAll("[data-layout-choice]")];
const REMEMBERED = "epreuve-layout";
function lay(layout) {
  room.dataset.layout = layout;
  for (const choice of choices) choice.setAttribute("aria-pressed", choice.dataset.layoutChoice === layout);
}
for (const choice of choices) {
  choice.addEventListener("click", () => {
    lay(choice.dataset.layoutChoice);
    localStorage.setItem(REMEMBERED, choice.dataset.layoutChoice);
  });
}
const left = localStorage.getItem(REMEMBERED);
if (choices.some((choice) => choice.dataset.layoutChoice === left)) lay(left);
