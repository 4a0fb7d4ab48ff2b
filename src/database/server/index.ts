export { ServerEngine } from './engine';
export { WrongPasswordError } from './failures';
export { resolveConnection, type ConnectionSettings } from './target';
