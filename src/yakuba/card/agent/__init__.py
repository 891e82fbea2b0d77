"""The card agent: the small service on the resident's own machine between the portal's page and the card.

The portal's page posts a plain HTML form to ``http://127.0.0.1:<port>/sign``; the agent shows its own page, where
the PIN is typed (never into a page of the portal), and answers with a page whose form posts the result to
``return_url``. What a portal must know:

* Fields of the form: ``operation`` ("authenticate" or "sign"), ``content`` (base64 of the challenge or of the bytes
  to be signed), ``title``, ``summary`` (optional JSON list of [label, value]), ``lang`` (ja, en, easy), ``ticket``,
  ``return_url`` (of the same origin as the page).
* The page with the form must be served with ``Referrer-Policy: origin`` (header or ``<meta name="referrer">``). Under
  "same-origin", "no-referrer", and under the "strict-" policies from https, browsers send ``Origin: null``
  (Fetch standard, "append a request Origin header"), and the agent refuses what names no origin.
* Its Content-Security-Policy must allow the agent's origin in ``form-action``.
* The post to ``return_url`` is cross-site: a SameSite=Lax cookie does not come with it. Find the session by
  ``ticket`` and answer with a redirect (303), after which the browser sends the cookie again.
* It carries ``ticket`` and either ``result`` (base64 of CMS DER, or of JSON ``{"certificate", "signature"}``, each
  base64) or ``error`` (a key of :data:`yakuba.card.messages.AGENT_ERRORS`).
"""
