// Runs before the first paint, so that a dark page never flashes white. Not a module: those wait.
(() => {
  const root = document.documentElement;
  const wish = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const theme = root.dataset.theme;
    const dark = theme === "dark" || (theme !== "light" && wish.matches);
    root.dataset.bsTheme = dark ? "dark" : "light";
  };
  apply();
  wish.addEventListener("change", apply);
})();
