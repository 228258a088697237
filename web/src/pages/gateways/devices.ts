import type { OrderForm } from '../../act/order_form';
import type { Device } from '../../api/client';

export const deviceName = ({ name, deviceId, requestId }: Device): string =>
  name ?? deviceId ?? requestId ?? 'a device';

type Kind = 'device.approve' | 'device.reject' | 'device.remove';

const words: Record<Kind, { verb: string; about: (device: Device) => string }> = {
  'device.approve': {
    verb: 'Approve',
    about: ({ role, scopes }) =>
      `It asks to come in as ${role ?? 'a client'} with ${scopes.join(', ') || 'no rights'}. Approve only what you know: compare its name, its address and the time with what you see there.`,
  },
  'device.reject': { verb: 'Reject', about: () => 'It may ask again.' },
  'device.remove': {
    verb: 'Remove',
    about: () => 'Its connections end, and it has to ask to be let in again.',
  },
};

/** Asks before a device is let in, turned away or removed. */
export function deviceOrder(gateway: string, device: Device, kind: Kind): OrderForm {
  const { verb, about } = words[kind];
  const target =
    kind === 'device.remove'
      ? { deviceId: device.deviceId ?? '' }
      : { requestId: device.requestId ?? '' };
  return {
    title: `${verb} ${deviceName(device)}`,
    word: verb,
    grave: kind === 'device.remove',
    about: [about(device), ...(device.deviceId === null ? [] : [`Its id: ${device.deviceId}`])],
    order: { gateway, kind, target },
  };
}
