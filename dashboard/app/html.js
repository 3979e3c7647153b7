// Preact, its hooks and htm, from one file without a build step. The only place that names it.
export * from '../vendor/htm/standalone.module.js';
