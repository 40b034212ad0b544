// What every page needs: a form with data-confirm asks once, in the page's own dialog; parts that htmx could not load say so.

const dialog = document.getElementById("confirm");

async function agreed(question) {
  dialog.querySelector("p").textContent = question;
  dialog.returnValue = "no";
  dialog.showModal();
  // The event comes a moment after the closing: that of an earlier question must not answer this one.
  await new Promise((done) => { dialog.onclose = () => { if (!dialog.open) done(); }; });
  return dialog.returnValue === "yes";
}

// In the capture phase, before htmx sees the event.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (!question || form.dataset.agreed) {
    delete form.dataset.agreed;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (await agreed(question)) {
    form.dataset.agreed = "yes";
    form.requestSubmit(event.submitter ?? undefined);
  }
}, true);

// Errors come as a part of a page with their sentence in it: show them where the answer would have stood.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 401) {
    event.preventDefault();
    location.reload();
  } else if (event.detail.xhr.status >= 400) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
