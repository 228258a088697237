/** What stands in a table, from top to bottom. Rows themselves are looked up by their key when they are shown. */
export type Item =
  { kind: 'row'; key: string } | { kind: 'group'; key: string; label: string; count: number };
