/** Outlines of 16 by 16 for the navigation. */
export const icons = {
  fleet: 'M2.5 3.5h4v4h-4zM9.5 3.5h4v4h-4zM2.5 10h4v2.5h-4zM9.5 10h4v2.5h-4z',
  sessions: 'M2.5 3.5h11v7h-6l-3 2.5v-2.5h-2z',
  activity: 'M1.5 8.5h3l2-5 3 9 2-4h3',
  gateways: 'M8 2.5v4M4.5 13.5v-3.2L8 6.5l3.5 3.8v3.2M2.8 13.5h3.4M9.8 13.5h3.4M6.3 2.5h3.4',
} as const;

export type IconName = keyof typeof icons;
