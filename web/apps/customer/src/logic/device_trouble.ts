// What is wrong with a camera or microphone, told apart from what the browser says: an error's name, its message, the permission.

/**
 * `denied`: by the person, and remembered; `dismissed`: closed without an answer; `system`: the browser may, the
 * system or the app around it does not let it; `policy`: the page around this one keeps it; `busy`: somebody else has it.
 */
export type DeviceTrouble =
  'denied' | 'dismissed' | 'system' | 'policy' | 'missing' | 'busy' | 'insecure' | 'unsupported' | 'failed';

export interface Refusal {
  /** Of the DOMException of getUserMedia. */
  name: string;
  /** Chromium says more in it than in the name: "Permission denied by system", "Permission dismissed". */
  message: string;
  /** What Permissions.query says of the device; undefined in browsers that do not know. */
  permission: PermissionState | undefined;
  /** False when the frame around this page does not hand the device on (Permissions-Policy). */
  framed: boolean;
}

export function troubleOf({ name, message, permission, framed }: Refusal): DeviceTrouble {
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      if (framed) return 'policy';
      if (/by system/i.test(message) || permission === 'granted') return 'system';
      if (/dismissed/i.test(message)) return 'dismissed';
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'failed';
  }
}

/** Whether the frame around this page keeps the device from it; browsers that cannot be asked say no. */
export function isKeptByFrame(
  kind: 'camera' | 'microphone' | 'geolocation',
  target: { featurePolicy?: { allowsFeature(name: string): boolean } } = document as never,
): boolean {
  return target.featurePolicy?.allowsFeature(kind) === false;
}
