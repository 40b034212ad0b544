// Before and after the work: moves on by itself; shows a text that was not saved before the end.

import "./hand.js";
import { root } from "./place.js";

const unsaved = document.getElementById("unsaved");
const kept = unsaved && sessionStorage.getItem(root.dataset.notesKey);
if (kept) {
  unsaved.querySelector("pre").textContent = JSON.parse(kept).text;
  unsaved.hidden = false;
}
