// The chapter `fitting`.
lab.startFittingChapter = function (root, server) {
  lab.onLanguage(root);
};
