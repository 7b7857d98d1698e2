// What went wrong with a file or a photograph, said beside it.
lab.createPhotoTrouble = function (notice) {
  let trouble = null; // {error, details, name: of the file}

  function render() {
    const words = trouble ? lab.sayTrouble(trouble) : "";
    notice.textContent = trouble?.name ? `${trouble.name}: ${words}` : words;
    notice.classList.toggle("is-wrong", Boolean(trouble));
  }

  return {
    render,
    tell(fault) {
      trouble = fault;
      render();
    },
  };
};
