/** Outlines of 16 by 16 for the navigation. */
export const icons = {
  fleet: 'M2.5 3.5h4v4h-4zM9.5 3.5h4v4h-4zM2.5 10h4v2.5h-4zM9.5 10h4v2.5h-4z',
  sessions: 'M2.5 3.5h11v7h-6l-3 2.5v-2.5h-2z',
  activity: 'M1.5 8.5h3l2-5 3 9 2-4h3',
  gateways: 'M8 2.5v4M4.5 13.5v-3.2L8 6.5l3.5 3.8v3.2M2.8 13.5h3.4M9.8 13.5h3.4M6.3 2.5h3.4',
  approvals:
    'M8 1.8v1.4M3 11.5h10c-1.1-1-1.5-2.2-1.5-4.3a3.5 3.5 0 0 0-7 0c0 2.1-.4 3.3-1.5 4.3zM6.6 13.8h2.8',
  schedule: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 0 0 0-11zM8 5v3.2l2.2 1.5',
  commands: 'M2.5 3.5h11v9h-11zM5 6.5l1.8 1.5L5 9.5M8.5 10h2.5',
} as const;

export type IconName = keyof typeof icons;
