export { ServerEngine } from './engine';
export { WrongPasswordError } from './failures';
export {
  resolveConnection,
  sslmodes,
  targetLabel,
  type ConnectionSettings,
  type ConnectionTarget,
  type PasswordProvider,
  type Sslmode,
} from './target';
