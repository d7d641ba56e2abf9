// The module's parts stand in the files beside this one.
