import type { DatabaseError } from 'pg-protocol';
import type {
  BackendMessage,
  CommandCompleteMessage,
  CopyDataMessage,
  DataRowMessage,
  NoticeMessage,
  ReadyForQueryMessage,
  RowDescriptionMessage,
} from 'pg-protocol/dist/messages';
import { SqlError, utf16Offset, type Cell, type Field, type Notice, type TransactionState } from '../../sql/session';

/** Messages are told apart by `name`; pg-protocol's classes are not a union. */
type Part<T, K extends keyof T> = BackendMessage & Pick<T, K>;

const textOid = 25;

/** Gathers the server's messages between a request and ReadyForQuery. */
export class Response {
  fields: readonly Field[] = [];
  rows: (readonly Cell[])[] = [];
  /** Command tag of the last statement: "INSERT 0 5". */
  tag: string | undefined;
  error: DatabaseError | undefined;
  transaction: TransactionState = 'idle';
  /**
   * The server said how the statement ended. A ReadyForQuery without that comes from a backend that
   * lost its way: PGlite answers so after a crash in WASM.
   */
  concluded = false;
  /** When the last row or the end of the statement came: milliseconds of `performance.now()`. */
  endedAt = 0;
  readonly #onNotice: ((notice: Notice) => void) | undefined;

  constructor(onNotice?: (notice: Notice) => void) {
    this.#onNotice = onNotice;
  }

  /** @returns true for ReadyForQuery: nothing more comes */
  take(message: BackendMessage): boolean {
    switch (message.name) {
      case 'rowDescription':
        this.fields = (message as Part<RowDescriptionMessage, 'fields'>).fields.map(({ name, dataTypeID }) => ({
          name,
          type: dataTypeID,
        }));
        this.rows = [];
        break;
      case 'dataRow':
        this.rows.push((message as Part<DataRowMessage, 'fields'>).fields as Cell[]);
        break;
      case 'copyOutResponse':
        // COPY … TO STDOUT: a line of its output is a row, as psql prints it.
        this.fields = [{ name: 'copy', type: textOid }];
        this.rows = [];
        break;
      case 'copyData':
        this.rows.push([(message as Part<CopyDataMessage, 'chunk'>).chunk.toString('utf8').replace(/\n$/, '')]);
        break;
      case 'notice':
        this.#onNotice?.(toNotice(message as unknown as NoticeMessage));
        break;
      case 'commandComplete':
        this.tag = (message as Part<CommandCompleteMessage, 'text'>).text;
        this.#conclude();
        break;
      case 'emptyQuery':
      case 'portalSuspended':
        this.#conclude();
        break;
      case 'error':
        // The first one tells what went wrong; a FATAL may follow it.
        this.error ??= message as unknown as DatabaseError;
        this.#conclude();
        break;
      case 'readyForQuery':
        this.transaction = transactionState((message as Part<ReadyForQueryMessage, 'status'>).status);
        return true;
      default:
        break; // ParseComplete, NoData, ParameterStatus …: nothing a result shows
    }
    return false;
  }

  #conclude(): void {
    this.concluded = true;
    this.endedAt = performance.now();
  }
}

function transactionState(status: string): TransactionState {
  return status === 'T' ? 'open' : status === 'E' ? 'failed' : 'idle';
}

function toNotice({ severity, message, detail, hint }: NoticeMessage): Notice {
  return {
    severity: severity ?? 'NOTICE',
    message: message ?? '',
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** @param sql what was sent: the error's position is counted in it */
export function toSqlError(error: DatabaseError, sql: string): SqlError {
  const { message, code, severity, detail, hint, where, position } = error;
  return new SqlError({
    message,
    code: code ?? 'XX000',
    severity,
    detail,
    hint,
    where,
    offset: position === undefined ? undefined : utf16Offset(sql, Number(position)),
  });
}
