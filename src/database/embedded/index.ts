export { EmbeddedEngine } from './engine';
