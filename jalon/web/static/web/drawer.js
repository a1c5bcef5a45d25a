/** The right drawer: htmx fills it (hx-target="#drawer"), its address lives in the URL, Escape closes it. */
export function startDrawer() {
  const drawer = document.getElementById("drawer");
  if (!drawer) return;
  let opener = null;
  const settle = () => drawer.classList.toggle("is-open", drawer.childElementCount > 0);
  const close = () => {
    const back = drawer.querySelector("[data-drawer-close]")?.getAttribute("href");
    drawer.replaceChildren();
    settle();
    if (back) history.pushState(null, "", back);
    standsNow(opener)?.focus();
  };
  // What opened the drawer may have been swapped for its like while the drawer was open.
  const standsNow = (button) => {
    const address = button?.getAttribute("hx-get");
    return button?.isConnected || !address ? button : document.querySelector(`[hx-get="${CSS.escape(address)}"]`);
  };
  settle();
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target === drawer && !drawer.contains(event.detail.elt)) opener = event.detail.elt;
  });
  drawer.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== drawer) return;
    settle();
    drawer.focus({ preventScroll: true });
  });
  drawer.addEventListener("click", (event) => {
    if (!event.target.closest("[data-drawer-close]")) return;
    event.preventDefault();
    close();
  });
  document.addEventListener("keydown", (event) => {
    const busy = document.querySelector("dialog[open], [data-menu]:popover-open");
    if (event.key === "Escape" && drawer.classList.contains("is-open") && !busy) close();
  });
}
