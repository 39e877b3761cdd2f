// The one file for pages without a build: everything under one name, and the elements known to the browser.
export * from './index';
export * from './media';
export * from './integrator';
export * from './elements';
