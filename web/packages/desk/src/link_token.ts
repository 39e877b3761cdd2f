// The token of a sign-in link travels in the fragment, which never reaches a server's log.

/** The token of `#t=…` (older links: `#l=…`, `#link=…`); undefined for any other fragment. */
export function linkTokenOf(fragment: string): string | undefined {
  const match = /^#(?:t|l|link)=([^&]+)$/.exec(fragment);
  if (!match?.[1]) return undefined;
  try {
    return decodeURIComponent(match[1]);
  } catch {
    return undefined;
  }
}

/** Takes the token out of the address, so that neither history nor a reload holds it. */
export function takeLinkToken(target: Pick<Window, 'location' | 'history'> = window): string | undefined {
  const token = linkTokenOf(target.location.hash);
  if (token !== undefined) target.history.replaceState(null, '', target.location.pathname + target.location.search);
  return token;
}
