// The core is built without Electron, types included: this empty module stands in its place.
export {};
