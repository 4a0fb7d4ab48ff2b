export { EmbeddedEngine, type EmbeddedOptions } from './engine';
