// A report by e-mail: a click adds a colleague's address to those typed; who is there already is not offered.
const box = document.getElementById("mail_recipients");
const offers = [...document.querySelectorAll("[data-address]")];

const typed = () => box.value.split(/[\s,;]+/).filter(Boolean);

function offer() {
  const there = new Set(typed().map((address) => address.toLowerCase()));
  for (const button of offers) button.hidden = there.has(button.dataset.address.toLowerCase());
}

for (const button of offers) {
  button.addEventListener("click", () => {
    box.value = [...typed(), button.dataset.address].join(", ");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  });
}
box?.addEventListener("input", offer);
offer();
