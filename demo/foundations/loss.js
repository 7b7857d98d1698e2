// The chapter `loss`.
lab.startLossChapter = function (root, server) {
  lab.onLanguage(root);
};
