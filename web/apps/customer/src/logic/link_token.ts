// The customer's link carries its token in the fragment, which never reaches a server's log.

/** The token of `#t=…`; undefined for any other fragment. */
export function linkTokenOf(fragment: string): string | undefined {
  const value = new URLSearchParams(fragment.replace(/^#/, '')).get('t');
  return value === null || value === '' ? undefined : value;
}

/** Takes the token out of the address, so that neither history nor a screenshot holds it. */
export function takeLinkToken(target: Pick<Window, 'location' | 'history'> = window): string | undefined {
  const token = linkTokenOf(target.location.hash);
  if (token !== undefined) target.history.replaceState(null, '', target.location.pathname + target.location.search);
  return token;
}
