// The chapter `gradient`.
lab.startGradientChapter = function (root, server) {
  lab.onLanguage(root);
};
