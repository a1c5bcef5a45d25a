// Tells what a band or a stop of the streams stands for, beside the pointer. The table beneath the drawing says the same in words.
const tip = document.createElement("div");
tip.className = "vg-tooltip jalon-theme streams-tip";
tip.setAttribute("aria-hidden", "true");
document.body.append(tip);

function show(told, { clientX, clientY }) {
  tip.textContent = told;
  tip.classList.add("visible");
  const { width, height } = tip.getBoundingClientRect();
  tip.style.left = `${Math.min(clientX + 14, innerWidth - width - 8)}px`;
  tip.style.top = `${clientY + 18 + height < innerHeight ? clientY + 18 : clientY - height - 10}px`;
}

document.addEventListener("pointermove", (event) => {
  const told = event.target.closest?.("[data-told]")?.dataset.told;
  if (told) show(told, event);
  else tip.classList.remove("visible");
});
document.addEventListener("scroll", () => tip.classList.remove("visible"), { passive: true, capture: true });
