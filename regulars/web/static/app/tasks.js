// The line that adds a task: empty again once the task is there, for the next one.

document.addEventListener("task-added", () => {
  for (const form of document.querySelectorAll("form[data-empties]")) {
    form.querySelector('[name="title"]').value = "";
    form.querySelector('[name="title"]').focus();
  }
});
