// Choosing a role fills in its permissions and scopes; every line can be changed after.
document.querySelector("[data-rights]").addEventListener("change", ({ target }) => {
  const wanted = new Set(target.dataset.rolePermissions.split(" "));
  const form = target.form;
  for (const box of form.querySelectorAll("input[name=permissions]")) box.checked = wanted.has(box.value);
  for (const select of form.querySelectorAll(".scope-grid select"))
    select.value = select.querySelector('option[value=""]') ? "" : select.value;
  for (const pair of target.dataset.roleScopes.trim().split(" ")) {
    const [name, scope] = pair.split("=");
    const select = form.elements[name];
    if (select) select.value = scope;
  }
});
