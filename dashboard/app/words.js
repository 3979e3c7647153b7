// What the page calls things.

export const SCOPES = [
  { id: 'agents:read', label: 'Read agents', text: 'List agents and look at their versions.' },
  { id: 'agents:write', label: 'Change agents', text: 'Create, change and archive agents.' },
];

export const STATUS_LABELS = {
  active: 'Active',
  disabled: 'Disabled',
  expired: 'Expired',
  revoked: 'Revoked',
};

export const REVOKED_REASONS = {
  requested: 'on this page',
  self: 'by a program that held it',
  leaked: 'because it was found in public',
  owner_deleted: 'because its owner was deleted',
};

export const WINDOWS = [
  { seconds: 1, label: 'second' },
  { seconds: 60, label: 'minute' },
  { seconds: 3600, label: 'hour' },
  { seconds: 86_400, label: 'day' },
];

/** "100 a minute". */
export function limitInWords(limit) {
  if (!limit) return 'No limit';
  const named = WINDOWS.find(({ seconds }) => seconds === limit.windowSeconds);
  const window = named ? `a ${named.label}` : `in ${limit.windowSeconds} seconds`;
  return `${limit.requests.toLocaleString('en')} ${window.replace('a hour', 'an hour')}`;
}

/** "ac_live_Ab3x…9fQz": a hint is shown with one sign for what it leaves out. */
export const hintInWords = (hint) => hint.replace('...', '…');

const BROWSERS = [
  ['Edge', /Edg\//],
  ['Firefox', /Firefox\//],
  ['Chrome', /Chrome\//],
  ['Safari', /Safari\//],
];
const SYSTEMS = [
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux/],
];

/** "Chrome on Linux" of a User-Agent; a program's own name as it gives it. */
export function agentInWords(userAgent) {
  if (!userAgent) return null;
  const [browser] = BROWSERS.find(([, pattern]) => pattern.test(userAgent)) ?? [];
  const [system] = SYSTEMS.find(([, pattern]) => pattern.test(userAgent)) ?? [];
  return browser && system ? `${browser} on ${system}` : userAgent.split(' ')[0];
}
