/** What `newestTransaction` counts from: the age of the last of the numbers that no transaction has. */
export const THIRD = `pg_catalog.age('3'::pg_catalog.xid)`;

/**
 * The transaction that wrote the newest of some rows.
 * age() counts back from a point that stays for the whole transaction, so the newest is that minus the least age;
 * comparing xmin itself would go through text and take three times as long. The point is asked of age() as well: the
 * snapshot's moves on with every savepoint that wrote, such as the hidden variant's.
 * @param age the least age() of their xmin
 * @param third of `THIRD`, in the same statement
 */
export function newestTransaction(age: string, third: string): string {
  return String((Number(third) + 3 - Number(age) + TRANSACTIONS) % TRANSACTIONS);
}

/** So many numbers of transactions there are. */
const TRANSACTIONS = 2 ** 32;
