import type { Session } from '../api/client';
import { titleOf } from '../model/sentence';
import type { Field } from './fields';
import type { OrderForm } from './order_form';

interface Choice {
  label: string;
  kind: string;
  form: () => OrderForm;
}

const levels = ['off', 'minimal', 'low', 'medium', 'high', 'xhigh'];

/** What can be told about a session. */
export function sessionChoices(session: Session): Choice[] {
  const { gateway, key, archived } = session;
  const name = titleOf(session);
  const of = (kind: string) => ({ gateway, kind, target: { sessionKey: key } });
  const choice = (label: string, kind: string, form: Omit<OrderForm, 'order'>): Choice => ({
    label,
    kind,
    form: () => ({ ...form, order: of(kind) }),
  });
  return [
    choice('Change…', 'session.patch', {
      title: `Change “${name}”`,
      word: 'Change',
      fields: fieldsOf(session),
    }),
    choice(archived ? 'Take out of the archive…' : 'Archive…', 'session.patch', {
      title: archived ? `Take “${name}” out of the archive` : `Archive “${name}”`,
      word: archived ? 'Take out' : 'Archive',
      params: () => ({ archived: !archived }),
    }),
    choice('Compact…', 'session.compact', {
      title: `Compact “${name}”`,
      word: 'Compact',
      about: [
        'The gateway has a model sum up what was said so far, so that there is room again. This may take two minutes.',
        ...whileRunning(session),
      ],
    }),
    choice('Reset…', 'session.reset', {
      title: `Reset “${name}”`,
      word: 'Reset',
      grave: true,
      about: [
        'The session begins anew: the agent forgets what was said here.',
        ...whileRunning(session),
      ],
    }),
    choice('Delete…', 'session.delete', {
      title: `Delete “${name}”`,
      word: 'Delete',
      grave: true,
      about: [
        'The session and what was said in it are removed from the gateway.',
        ...whileRunning(session),
      ],
    }),
  ];
}

const whileRunning = ({ activeRuns }: Session): string[] =>
  activeRuns > 0 ? ['It is running now: its run is stopped.'] : [];

function fieldsOf({ title, model, provider }: Session): Field[] {
  const whole =
    provider !== null && model !== null && !model.includes('/') ? `${provider}/${model}` : model;
  return [
    { name: 'label', label: 'Title', kind: 'text', value: title ?? '', clears: true, change: true },
    {
      name: 'model',
      label: 'Model',
      kind: 'model',
      value: whole ?? '',
      clears: true,
      change: true,
      hint: 'Empty: what the agent is set to.',
    },
    {
      name: 'thinkingLevel',
      label: 'Thinking level',
      kind: 'choice',
      value: '',
      change: true,
      choices: [
        { value: '', label: 'as it is' },
        ...levels.map((value) => ({ value, label: value })),
      ],
      hint: 'Not every model has all of them.',
    },
  ];
}
