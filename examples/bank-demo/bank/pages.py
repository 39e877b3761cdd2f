"""The bank's pages. Plain HTML; everything that is shown is escaped."""

from html import escape

from .orders import may_be_interviewed
from .texts import ZH

STYLE = """
:root { color-scheme: light dark; --line: #d5dbe4; --soft: #5a6778; --accent: #0b6b4f }
@media (prefers-color-scheme: dark) { :root { --line: #3a4452; --soft: #9aa7b8; --accent: #4cc79b } }
body { font: 16px/1.6 system-ui, "Noto Sans CJK SC", sans-serif; margin: 0 auto; max-width: 64rem; padding: 1rem }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .5rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top }
th { color: var(--soft); font-weight: 500 } a { color: var(--accent) }
.scroll { overflow-x: auto } .soft { color: var(--soft) } .row { display: flex; gap: .6rem; flex-wrap: wrap; align-items: center; margin: 1rem 0 }
button, .button { font: inherit; padding: .4rem 1rem; border: 1px solid var(--accent); border-radius: 6px; background: none; color: var(--accent); cursor: pointer; text-decoration: none }
button.first { background: var(--accent); color: Canvas }
code { word-break: break-all } dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem } dt { color: var(--soft) } dd { margin: 0 }
.passed { color: #1f8a5b } .rejected { color: #cf3339 } .needs_supplement { color: #b7701a } .error { border-left: 4px solid #cf3339; padding-left: .8rem }
"""


def page(words, body, script=False):
    language = "zh-CN" if words is ZH else "en"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<title>{escape(words["title"])}</title><style>{STYLE}</style></head><body>{body}'
        + ('<script src="/bank.js"></script>' if script else "") + "</body></html>"
    )


def list_page(words, orders, connected):
    rows = "".join(
        f'<tr data-testid="order-{escape(order["number"])}"><td><a href="/orders/{escape(order["number"])}">{escape(order["number"])}</a></td>'
        f'<td>{escape(order["customer"])}</td><td>{escape(order["product"])}</td><td>{escape(order["amount"])}</td>'
        f'<td>{status_text(words, order)}</td><td>{outcome_text(words, order)}</td></tr>'
        for order in orders
    )
    head = "".join(f"<th scope=col>{escape(words[name])}</th>" for name in ("order", "customer", "product", "amount", "interview", "outcome"))
    warning = "" if connected else f'<p class="error" data-testid="not-set-up">{escape(words["not-set-up"])}</p>'
    return page(words, f'<h1>{escape(words["title"])}</h1>{warning}<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
                       f'<form method="post" action="/agent" target="_blank" class="row"><button data-testid="agent">{escape(words["agent-link"])}</button>'
                       f'<span class="soft">{escape(words["agent-hint"])}</span></form>', script=True)


def order_page(words, order, problem=None):
    number = escape(order["number"])
    interview = order.get("interview")
    parts = [f'<p><a href="/">{escape(words["back"])}</a></p><h1>{number} · {escape(order["customer"])}</h1>']
    if problem:
        parts.append(f'<p class="error" role="alert" data-testid="problem">{escape(words["failed"])}: <code>{escape(problem)}</code></p>')
    parts.append(f'<p data-testid="status">{status_text(words, order)} {outcome_text(words, order)}</p>')
    parts.append('<div class="row">')
    if may_be_interviewed(order):
        verb = words["again"] if interview else words["start"]
        parts.append(f'<form method="post" action="/orders/{number}/interview"><button class="first" data-testid="start">{escape(verb)}</button></form>')
        parts.append(f'<a class="button" data-testid="embedded" href="/orders/{number}/embedded">{escape(words["embedded"])}</a>')
    if interview and interview["status"] != "ended" and interview["link"]:
        parts.append(f'<a class="button" target="_blank" rel="noopener" data-testid="customer-link" href="{escape(interview["link"])}">{escape(words["customer-link"])}</a>')
    parts.append("</div>")
    if interview:
        parts.append(facts(words, interview))
    parts += [section_html(section) for section in order["sections"]]
    return page(words, "".join(parts), script=True)


def embedded_page(words, order, connection):
    """The interview inside this page: one script of the Telewitness server, one element."""
    number = escape(order["number"])
    return page(words, (
        f'<p><a href="/orders/{number}">{number}</a></p><p data-testid="embedded-status" role="status"></p>'
        f'<telewitness-customer account="{escape(connection.account)}" company="{escape(connection.company_name)}" accent="#0b6b4f"'
        f' style="height: 80vh"></telewitness-customer>'
        f'<script src="{escape(connection.server)}/sdk/telewitness.js"></script><script src="/embedded.js"></script>'))


def facts(words, interview):
    """What came back, as a list of names and values."""
    def seconds(name):
        return f"{interview[name] / 1000:.0f} s" if name in interview else ""

    known = {
        words["link"]: interview["link"] if interview["status"] == "created" else "",
        words["receipt"]: interview.get("receiptNumber", ""),
        words["agent"]: interview.get("agentName", ""),
        words["reason"]: interview.get("reason", ""),
        words["place"]: interview.get("place", ""),
        words["wait"]: seconds("waitMs"),
        words["duration"]: seconds("durationMs"),
        words["photos"]: str(interview.get("photos", "")),
        words["end"]: interview.get("endReason", ""),
        words["satisfaction"]: f'{interview["satisfaction"]} / 5' if "satisfaction" in interview else "",
        words["recording"]: " ".join(filter(None, [interview.get("recordingPath", ""), words["recording-ready"] if interview.get("recordingReady") else ""])),
    }
    return "<dl data-testid=facts>" + "".join(
        f"<dt>{escape(name)}</dt><dd><code>{escape(value)}</code></dd>" for name, value in known.items() if value) + "</dl>"


def section_html(section):
    rows = "".join(f'<dt>{escape(field["label"])}</dt><dd>{escape(field["value"])}</dd>' for field in section["fields"])
    return f'<h2>{escape(section["title"])}</h2><dl>{rows}</dl>'


def message_page(words, heading, text="", kind=""):
    return page(words, f'<h1 class="{kind}" data-testid="message">{escape(heading)}</h1><p>{escape(text)}</p><p><a href="/">{escape(words["back"])}</a></p>')


def status_text(words, order):
    status = order.get("interview", {}).get("status")
    return escape(words.get(f"status-{status}", status) if status else words["none"])


def outcome_text(words, order):
    outcome = order.get("interview", {}).get("outcome", "")
    return f'<strong class="{escape(outcome)}" data-outcome="{escape(outcome)}">{escape(words.get(f"outcome-{outcome}", outcome))}</strong>'


SCRIPT = """// Shows news without a reload by hand: reads this page again every two seconds while it is seen.
setInterval(async () => {
  if (document.hidden) return;
  const answer = await fetch(location.href).catch(() => undefined);
  if (!answer?.ok) return; // away for a moment, or the answer to a button
  const { body } = new DOMParser().parseFromString(await answer.text(), 'text/html');
  if (body.innerHTML !== document.body.innerHTML) document.body.replaceWith(body);
}, 2000);
"""
