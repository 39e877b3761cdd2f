"""The bank's order list: what it knows by itself, and what Telewitness told it about each order's interview."""

import copy
import pathlib
import threading

from .files import read_json, write_json
from .sample_orders import sample_orders

MOST_MESSAGES_KEPT = 1_000  # ids of webhooks that came; repetitions come within days, not years


class Orders:
    """Kept in one JSON file. Thread-safe: webhooks come while pages are read."""

    def __init__(self, folder: pathlib.Path):
        self.path = folder / "orders.json"
        self.lock = threading.Lock()
        self.data = read_json(self.path, None) or {"orders": sample_orders(), "messages": []}

    def all(self):
        with self.lock:
            return copy.deepcopy(self.data["orders"])

    def find(self, number):
        return next((order for order in self.all() if order["number"] == number), None)

    def began(self, number, interview, link):
        """A new interview of the order; an earlier one stays in its history."""
        with self.lock:
            order = self._order(lambda each: each["number"] == number)
            if order.get("interview", {}).get("id") == interview["id"]:
                return
            if "interview" in order:
                order.setdefault("earlier", []).append(order["interview"])
            order["interview"] = {"id": interview["id"], "status": interview["status"], "link": link, "asOf": ""}
            self._save()

    def take(self, message_id, event):
        """Applies a webhook once, and never an older one over a newer one. False when it told nothing new."""
        told = event.get("data") or {}
        with self.lock:
            if message_id in self.data["messages"]:
                return False
            self.data["messages"] = (self.data["messages"] + [message_id])[-MOST_MESSAGES_KEPT:]
            order = self._order(lambda each: each["number"] == told.get("businessId"))
            if order is not None and order.get("interview", {}).get("id") != told.get("id"):
                order = self._adopt(order, told)
            news = order is not None and event.get("timestamp", "") >= order["interview"]["asOf"]
            if news:
                order["interview"].update(self._facts(told), asOf=event.get("timestamp", ""))
            if order is not None and event.get("type") == "recording.ready":
                order["interview"]["recordingReady"] = True
                news = True
            self._save()
            return news

    @staticmethod
    def _adopt(order, told):
        """An interview of this order that a page began by itself, if it is younger than the one that is known."""
        known = order.get("interview")
        if known is not None:
            if told.get("id", "") < known["id"]:  # ids sort by time
                return None
            order.setdefault("earlier", []).append(known)
        order["interview"] = {"id": told["id"], "status": told["status"], "link": "", "asOf": ""}
        return order

    @staticmethod
    def _facts(told):
        outcome = told.get("outcome") or {}
        facts = {name: told[name] for name in ("status", "endReason", "agentName", "waitMs", "durationMs", "receiptNumber") if name in told}
        facts.update({name: outcome[name] for name in ("reason", "recordingPath", "recordingName") if name in outcome})
        if outcome:
            facts.update(outcome=outcome["kind"], photos=len(outcome.get("photos", [])))
        if "exit" in told:  # whatever was decided, and with their hashes
            facts["photos"] = len(told["exit"]["photos"])
        if "satisfaction" in told:
            facts["satisfaction"] = told["satisfaction"]["score"]
        place = told.get("place") or {}
        if place:
            facts["place"] = place.get("locationInformation") or place.get("latitudeLongitude") or place["status"]
        return facts

    def _order(self, condition):
        return next((order for order in self.data["orders"] if condition(order)), None)

    def _save(self):
        write_json(self.path, self.data)


def may_be_interviewed(order):
    """Decided orders are closed. One that needs a supplement may have another interview."""
    return order.get("interview", {}).get("outcome") not in ("passed", "rejected")


# snippet: order
def order_answer(order):
    """What the order endpoint says to Telewitness when the customer enters."""
    if not may_be_interviewed(order):
        return {"allowed": False, "message": "该订单已办结。This order is closed."}
    return {"allowed": True, "sections": order["sections"]}
# snippet: end
