// The customer's link carries its token in the fragment, which never reaches a server's log.

/** The token of `#t=…`; undefined for any other fragment. */
export function linkTokenOf(fragment: string): string | undefined {
  const value = new URLSearchParams(fragment.replace(/^#/, '')).get('t');
  return value === null || value === '' ? undefined : value;
}

/** An invitation's link is `#token`, or `#t=token` as the customer's. */
export function guestTokenOf(fragment: string): string | undefined {
  const bare = fragment.replace(/^#/, '');
  return linkTokenOf(fragment) ?? (bare === '' || bare.includes('=') ? undefined : decodeURIComponent(bare));
}

/** Takes the token out of the address, so that neither history nor a screenshot holds it. */
export function takeLinkToken(
  target: Pick<Window, 'location' | 'history'> = window,
  read = linkTokenOf,
): string | undefined {
  const token = read(target.location.hash);
  if (token !== undefined) target.history.replaceState(null, '', target.location.pathname + target.location.search);
  return token;
}
