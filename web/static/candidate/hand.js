// The hand: raised and lowered by the candidate, lowered by the supervisor.

import { hear, onTold, root, send } from "./place.js";

const button = root.querySelector("[data-hand]");
const state = root.querySelector("[data-hand-state]");

if (button) {
  const raised = state.dataset.raised;
  onTold((told) => {
    button.setAttribute("aria-pressed", told.hand);
    const text = told.hand ? raised : "";
    if (state.textContent.trim() !== text) state.textContent = text;
  });
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const response = await send(button.dataset.hand, { up: button.getAttribute("aria-pressed") !== "true" });
      const answer = await response.json();
      if (response.ok) hear(answer);
      else state.textContent = answer.message;
    } catch {
      state.textContent = state.dataset.failed;
    }
    button.disabled = false;
    button.focus();
  });
}
