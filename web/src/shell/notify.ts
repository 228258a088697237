/** What the browser lets pages do; `absent`: it has no notifications, or none at an address without TLS. */
export type Permission = NotificationPermission | 'absent';

export const permission = (): Permission =>
  typeof Notification === 'undefined' ? 'absent' : Notification.permission;

/** Asks the person, who may have answered before. */
export const askPermission = async (): Promise<Permission> =>
  typeof Notification === 'undefined' ? 'absent' : Notification.requestPermission();

/** Shows a notification. False where the browser lets only service workers do that, as on Android. */
export function notify(title: string, body: string, tag: string, onclick: () => void): boolean {
  try {
    const shown = new Notification(title, { body, tag });
    shown.onclick = () => {
      window.focus();
      shown.close();
      onclick();
    };
    return true;
  } catch {
    return false;
  }
}
