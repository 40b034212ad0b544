// Marks and notes save themselves; leaving with words that are not saved asks first. A level that must be justified opens
// the place for its words.

const unsaved = new Set();

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const dirty = () => { unsaved.add(form); form.querySelector(".saved").textContent = "…"; };
  form.addEventListener("input", dirty);
  form.addEventListener("change", dirty);
  form.addEventListener("htmx:beforeRequest", () => unsaved.delete(form));
  form.addEventListener("htmx:sendError", () => unsaved.add(form));
  form.addEventListener("htmx:responseError", () => unsaved.add(form));
}

for (const form of document.querySelectorAll("form.mark")) {
  form.addEventListener("change", () => {
    const words = form.querySelector("details.words");
    if (words && form.querySelector("input[data-needs-words]:checked")) words.open = true;
  });
}

addEventListener("beforeunload", (event) => { if (unsaved.size) event.preventDefault(); });

// The same page, with what has become of it: a link to a place in it would only scroll.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-reload]");
  if (!link) return;
  event.preventDefault();
  history.replaceState(null, "", link.href);
  location.reload();
});
