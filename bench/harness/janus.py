"""Janus as Debian packages it, with a configuration of its own: videoroom over plain HTTP and nothing else."""

import os
import pathlib
import shutil
import urllib.request

from . import network
from .servers import Server

PORT = 8088
MODULES = "/usr/lib/{}-linux-gnu/janus"

MAIN = """general: {{
  configs_folder = "{folder}"
  plugins_folder = "{folder}/plugins"
  transports_folder = "{folder}/transports"
  events_folder = "{folder}/none"
  loggers_folder = "{folder}/none"
  debug_level = 2
  session_timeout = 0
{loops}}}
nat: {{
  ice_lite = true
  ice_enforce_list = "{address}"
}}
media: {{ ipv6 = false }}
"""
HTTP = """general: {{
  json = "compact"
  base_path = "/janus"
  http = true
  port = {port}
  ip = "{address}"
  https = false
}}
admin: {{ admin_http = false }}
"""


def modules():
    return pathlib.Path(MODULES.format(os.uname().machine))


def installed():
    return shutil.which("janus") is not None and modules().is_dir()


class JanusDefault(Server):
    """A thread for each PeerConnection: what the package does unless told otherwise. ICE-lite, as our server is: it
    saves Janus its own checks."""

    name = "janus_default"
    load_arguments = ("--server", "janus")
    event_loops = 0

    def command(self):
        for kind, name in (("plugins", "libjanus_videoroom.so"), ("transports", "libjanus_http.so")):
            (self.folder / kind).mkdir()
            (self.folder / kind / name).symlink_to(modules() / kind / name)
        loops = f"  event_loops = {self.event_loops}\n" if self.event_loops else ""
        write = lambda name, text: (self.folder / name).write_text(text)  # noqa: E731
        write("janus.jcfg", MAIN.format(folder=self.folder, address=network.ADDRESS, loops=loops))
        write("janus.transport.http.jcfg", HTTP.format(port=PORT, address=network.ADDRESS))
        write("janus.plugin.videoroom.jcfg", "general: { }\n")
        return ["janus", "-F", str(self.folder)]

    def url(self):
        base = f"http://{network.ADDRESS}:{PORT}/janus"
        try:
            with urllib.request.urlopen(base + "/info", timeout=1) as answer:
                return base if answer.status == 200 else None
        except OSError:
            return None


class JanusTuned(JanusDefault):
    """As many event loops as cores, which its documentation recommends for many sessions."""

    name = "janus_tuned"
    event_loops = os.cpu_count() or 2
