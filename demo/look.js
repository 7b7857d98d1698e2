// Light or dark, and how large: settled before anything is painted.
// The page is sent with this script in it; all others come later.
window.lab = {};
lab.THEMES = ["system", "light", "dark"];
lab.THEME_KEPT = "lab.theme";
lab.ENLARGED = 1.5; // times, for a projector
lab.HUGE = 1.75; // times, on a screen of 4K where the system enlarges nothing

{
  const root = document.documentElement;
  const night = matchMedia("(prefers-color-scheme: dark)");
  const isWide = matchMedia("(min-width: 800px)"); // a phone has no room for more
  const isHuge = matchMedia("(min-width: 3200px)");
  const asked = new URLSearchParams(location.search);

  function keptTheme() {
    try {
      return localStorage.getItem(lab.THEME_KEPT);
    } catch {
      return null; // storage is off
    }
  }

  function keepTheme(theme) {
    try {
      localStorage.setItem(lab.THEME_KEPT, theme);
    } catch {
      // It lasts as long as this page.
    }
  }

  // The address wins, ours or gradio's own word for it, then what was chosen last.
  const wishes = [asked.get("theme"), asked.get("__theme"), keptTheme()];
  lab.theme = wishes.find((wish) => lab.THEMES.includes(wish)) ?? "system";
  lab.isPresented = asked.get("present") === "1";

  lab.isDark = () => (lab.theme === "system" ? night.matches : lab.theme === "dark");

  // Gradio follows the system, whatever was chosen here: it is put right before it is seen.
  function dress() {
    const [plain, dark] = ["--bg", "--bg-dark"]; // of the page before its style sheets are there
    root.style.removeProperty(lab.isDark() ? dark : plain);
    if (lab.isDark() !== night.matches) {
      const [wrong, right] = lab.isDark() ? [plain, dark] : [dark, plain];
      root.style.setProperty(wrong, `var(${right})`);
    } else [plain, dark].forEach((name) => root.style.removeProperty(name));
    document.body?.classList.toggle("dark", lab.isDark());
  }

  function enlarge() {
    const isLarge = lab.isPresented && isWide.matches;
    lab.zoom = (isLarge ? lab.ENLARGED : 1) * (isHuge.matches ? lab.HUGE : 1);
    root.toggleAttribute("data-present", isLarge);
    root.style.setProperty("--lab-zoom", lab.zoom);
    lab.fitMedia?.();
    dispatchEvent(new Event("lab-size"));
  }

  function inAddress(changes) {
    const address = new URL(location.href);
    for (const [name, value] of Object.entries(changes)) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    history.replaceState(history.state, "", address);
  }

  lab.setTheme = function (theme) {
    lab.theme = theme;
    keepTheme(theme);
    inAddress({ theme: null, __theme: null }); // or the next load would go by them
    dress();
  };

  lab.setPresented = function (isPresented) {
    lab.isPresented = isPresented;
    inAddress({ present: isPresented && "1" });
    enlarge();
  };

  night.addEventListener("change", dress);
  for (const width of [isWide, isHuge]) width.addEventListener("change", enlarge);
  new MutationObserver((_, watching) => {
    if (!document.body) return;
    watching.disconnect();
    dress();
    new MutationObserver(dress).observe(document.body, { attributeFilter: ["class"] });
  }).observe(root, { childList: true });
  dress();
  enlarge();
}
