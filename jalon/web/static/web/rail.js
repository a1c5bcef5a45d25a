const A_YEAR = 31536000;

/** The rail folds to icons on a wide screen (remembered) and is a drawer on a phone. */
export function startRail() {
  document.querySelectorAll(".settings-menu [aria-current], nav.tabs [aria-current]").forEach(bringIntoSight);
  const body = document.body;
  const fold = document.querySelector("[data-rail-fold]");
  if (!fold) return;
  fold.addEventListener("click", () => {
    const narrow = body.classList.toggle("is-narrow");
    fold.setAttribute("aria-pressed", String(narrow));
    document.cookie = `rail=${narrow ? "narrow" : "wide"}; path=/; max-age=${A_YEAR}; samesite=lax`;
  });
  startPhoneDrawer(body);
}

/** On a phone a menu is one line that is wider than the window: it begins where one is. */
function bringIntoSight(line) {
  const [own, around] = [line.getBoundingClientRect(), line.parentElement.getBoundingClientRect()];
  line.parentElement.scrollLeft += own.left - around.left - (around.width - own.width) / 2;
}

function startPhoneDrawer(body) {
  const opener = document.querySelector("[data-rail-open]");
  const rail = document.getElementById("rail");
  const show = (open) => {
    body.classList.toggle("rail-open", open);
    opener.setAttribute("aria-expanded", String(open));
    if (open) rail.querySelector("[data-rail-close]").focus();
    else opener.focus();
  };
  opener.addEventListener("click", () => show(true));
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-rail-close]")) show(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && body.classList.contains("rail-open")) show(false);
  });
}
