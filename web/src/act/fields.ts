/** A field of a form that tells a gateway something: a parameter of the command. */
export interface Field {
  name: string;
  label: string;
  /** `model`: a text, with the gateway's models to choose from. */
  kind: 'text' | 'long' | 'choice' | 'flag' | 'model';
  value: string | boolean;
  required?: boolean;
  hint?: string;
  choices?: readonly { value: string; label: string }[];
  /** An empty text takes away what was there. */
  clears?: boolean;
  /** Of a change: left out of the parameters while it is as it was. */
  change?: boolean;
}

export type Values = Record<string, string | boolean>;

export const valuesOf = (fields: readonly Field[]): Values =>
  Object.fromEntries(fields.map(({ name, value }) => [name, value]));

/** What is wrong with what stands in the form, in a sentence; null where nothing is. */
export function faultOf(fields: readonly Field[], values: Values): string | null {
  const missing = fields.find(
    ({ name, required = false }) => required && String(values[name] ?? '').trim() === '',
  );
  return missing ? `${missing.label} is needed.` : null;
}

/** The parameters of the command: what was changed, and what was filled in. */
export function paramsOf(
  fields: readonly Field[],
  values: Values,
): Record<string, string | boolean | null> {
  const params: Record<string, string | boolean | null> = {};
  for (const { name, value, clears = false, change = false } of fields) {
    const now = values[name] ?? value;
    if (change && now === value) continue;
    if (typeof now === 'boolean') params[name] = now;
    else if (now.trim() !== '') params[name] = now.trim();
    else if (clears) params[name] = null;
  }
  return params;
}
