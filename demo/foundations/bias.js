// The chapter `bias`.
lab.startBiasChapter = function (root, server) {
  lab.onLanguage(root);
};
