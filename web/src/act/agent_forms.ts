import type { Agent } from '../api/client';
import type { Field } from './fields';
import type { OrderForm } from './order_form';

/** What can be told about an agent. */
export function agentChoices(
  agent: Agent,
): { label: string; kind: string; form: () => OrderForm }[] {
  const { gateway, id, name, isDefault, version } = agent;
  const of = (kind: string) => ({ gateway, kind, target: { agentId: id }, expect: { version } });
  return [
    {
      label: 'New session…',
      kind: 'session.create',
      form: () => ({
        title: `New session of ${name}`,
        word: 'Begin',
        fields: [
          { name: 'label', label: 'Title', kind: 'text', value: '' },
          {
            name: 'model',
            label: 'Model',
            kind: 'model',
            value: '',
            hint: 'Empty: the agent’s own.',
          },
        ],
        order: { gateway, kind: 'session.create', target: { agentId: id } },
      }),
    },
    {
      label: 'Edit…',
      kind: 'agent.update',
      form: () => ({
        title: `Edit ${name}`,
        word: 'Save',
        fields: agentFields(agent).map((field) => ({ ...field, required: false, change: true })),
        order: of('agent.update'),
      }),
    },
    {
      label: 'Delete…',
      kind: 'agent.delete',
      form: () => ({
        title: `Delete ${name}`,
        word: 'Delete',
        grave: true,
        sure: name,
        about: [
          'The agent and its sessions are removed from the gateway, and its jobs with it.',
          ...(isDefault
            ? [
                'It is the default agent. Another one takes its place, and jobs without an agent fail from then on.',
              ]
            : []),
        ],
        fields: [
          {
            name: 'deleteFiles',
            label: 'Delete the files in its workspace, too',
            kind: 'flag',
            value: false,
          },
        ],
        order: of('agent.delete'),
      }),
    },
  ];
}

export const newAgent = (gateway: string): OrderForm => ({
  title: `New agent at ${gateway}`,
  word: 'Create',
  fields: agentFields(null),
  order: { gateway, kind: 'agent.create', target: {} },
});

const agentFields = (agent: Agent | null): Field[] => [
  {
    name: 'name',
    label: 'Name',
    kind: 'text',
    value: agent?.name ?? '',
    required: true,
    ...(agent ? {} : { hint: 'Its id is made of this: lower-case letters, digits and dashes.' }),
  },
  {
    name: 'workspace',
    label: 'Workspace',
    kind: 'text',
    value: agent?.workspace ?? '',
    hint: 'A folder on the machine of the gateway.',
  },
  { name: 'model', label: 'Model', kind: 'model', value: agent?.model ?? '' },
  { name: 'emoji', label: 'Emoji', kind: 'text', value: agent?.emoji ?? '' },
];
