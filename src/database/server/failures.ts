import { UserError } from '../../shared/errors';
import { targetLabel, type ConnectionTarget } from './target';

/** The server refused the password: a remembered one should be forgotten. */
export class WrongPasswordError extends UserError {
  override readonly name = 'WrongPasswordError';
}

interface Failure {
  readonly code?: string;
  readonly message: string;
}

type Place = Omit<ConnectionTarget, 'password'>;

/** Why connecting failed, as a sentence and what to do next. */
export function connectionFailure(error: unknown, target: Place, database: string): UserError {
  if (error instanceof UserError) return error;
  // Node tries every address of a name and throws what each of them said.
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const { code, message } = first as Failure;
  const options = { cause: error };
  const { host, port, user } = target;
  const server = targetLabel(target);
  switch (code ?? '') {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return new UserError(
        `No PostgreSQL answers at ${host}, port ${port}.`,
        'Start the server, or correct the host and port in the settings.',
        options,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new UserError(`The host ${host} is not known.`, 'Correct the host in the settings.', options);
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return new UserError(
        `${host} does not answer.`,
        'Check the network and the firewall, or correct the host in the settings.',
        options,
      );
    case '28P01':
      return new WrongPasswordError(`The password for ${server} is wrong.`, 'Enter the password again.', options);
    case '28000':
      return new UserError(
        `The server does not let ${user} in: ${message}.`,
        'Correct the user in the settings, or allow the connection in the server’s pg_hba.conf.',
        options,
      );
    case '3D000':
      return new UserError(
        `The server has no database "${database}".`,
        `Correct the database in the settings, or create it: createdb ${database}`,
        options,
      );
    case '53300':
      return new UserError(
        'The server has no free connection.',
        'Close other sessions, or raise max_connections.',
        options,
      );
    case '57P03':
      return new UserError(`The server is not ready: ${message}.`, 'Try again in a moment.', options);
  }
  return unknownFailure(`${code ?? ''} ${message}`.trim(), target, options);
}

/** pg's and Node's errors without a code of their own. */
function unknownFailure(message: string, target: Place, options: ErrorOptions): UserError {
  const { host } = target;
  const server = targetLabel(target);
  if (/does not support SSL/.test(message)) {
    return new UserError(
      `The server does not offer TLS, and sslmode is ${target.sslmode}.`,
      'Set sslmode to prefer, or turn ssl on at the server.',
      options,
    );
  }
  if (/certificate|altnames/i.test(message)) {
    return new UserError(
      `The server’s certificate is not accepted: ${message}.`,
      'Set sslrootcert to the certificate of the authority that signed it.',
      options,
    );
  }
  if (/timeout expired/.test(message)) {
    return new UserError(
      `${host} does not answer.`,
      'Check the network, or correct the host in the settings.',
      options,
    );
  }
  return new UserError(`Connecting to ${server} failed: ${message}`, undefined, options);
}
