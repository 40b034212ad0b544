// The service desk is closed: what was typed and not recorded is shown.

import { texts } from "./drafts.js";

const { drafts } = document.querySelector("[data-drafts]").dataset;
const unsent = document.getElementById("unsent");
const shown = new Set([...unsent.querySelectorAll("[data-unsent]")].map((element) => element.textContent.trim()));
for (const text of texts(drafts).filter((one) => !shown.has(one))) {
  const element = document.createElement("pre");
  element.className = "notes";
  element.textContent = text;
  unsent.append(element);
  unsent.hidden = false;
}
