// The book's path: links to it stand all over the page, its list below all tabs, and its scripts
// come with the first link that is followed.
lab.startPath = function (element, create) {
  const root = element.firstElementChild;
  let coming = null;
  let path = null;

  function come() {
    coming ??= lab.mount("path", element, () => (path = create()));
    return coming;
  }

  // Opens an entry by its key, the list where there is none; `place` counts its places.
  lab.walkPath = async function (key, place = 0) {
    await come();
    path.go(key, Number(place));
  };

  root.addEventListener("toggle", () => root.open && come());
  lab.onLanguage(root.querySelector("summary"));
  const asked = new URLSearchParams(location.search).get("path");
  if (asked !== null) lab.walkPath(asked);
};

// A link that is opened beside the page stays a link.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-path]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  lab.walkPath(link.dataset.path, link.dataset.place);
});
