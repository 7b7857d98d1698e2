// The section `photos` of the Transfer tab.
lab.startPhotosSection = function (root, server) {};
