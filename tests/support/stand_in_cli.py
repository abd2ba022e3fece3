"""A stand-in for the Claude CLI: it starts fast and fails in every way on request.

It speaks as much of the CLI's control protocol as the runner uses. How its turn goes is
told by the model's name. Only a test of the runner's own work with processes may use
it: what the real CLI does is for the real CLI to show.
"""

import stat
import sys
from pathlib import Path

FAULTS = (
    "answer",  # no fault
    "exit",
    "crash",
    "mute",
    "garbage",
    "closes",
    "litters",
    "child",
    "deaf",
)

_SOURCE = r"""
import json, os, signal, sys, time

def say(**message):
    print(json.dumps(message), flush=True)

def tell(**event):
    say(type="stream_event", uuid="u", session_id="s", event=event)

OUTPUT = {"findings": [], "scores": [], "overall": None, "verdict": "abstain",
          "verdict_reason": "A stand-in.", "not_assessed": []}

def answer():
    usage = {"input_tokens": 1, "output_tokens": 2}
    tell(type="message_start", message={"model": "stand-in", "usage": usage})
    tell(type="content_block_delta", delta={"type": "text_delta", "text": "Fine."})
    tell(type="content_block_delta",
         delta={"type": "input_json_delta", "partial_json": json.dumps(OUTPUT)})
    tell(type="message_delta", delta={"stop_reason": "tool_use"}, usage=usage)
    say(type="result", subtype="success", duration_ms=1, duration_api_ms=1, num_turns=2,
        is_error=False, session_id="s", structured_output=OUTPUT, usage=usage)

def turn(fault):
    if fault == "exit":
        sys.exit(3)
    if fault == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if fault == "mute":
        time.sleep(600)
    if fault == "garbage":
        print("{broken", flush=True)
        time.sleep(600)
    if fault == "closes":
        os.close(1)
        time.sleep(600)
    if fault == "litters":
        os.makedirs(os.environ["CLAUDE_CONFIG_DIR"] + "/sessions", exist_ok=True)
        for place in (os.environ["TMPDIR"] + "/litter", os.environ["HOME"] + "/more",
                      f"{os.environ['CLAUDE_CONFIG_DIR']}/sessions/{os.getpid()}.json"):
            open(place, "w").write("x")
    if fault == "child" and os.fork() == 0:
        time.sleep(600)
    answer()

fault = ""
for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "control_request":
        request = message["request"]
        fault = request.get("settings", {}).get("model", fault)
        say(type="control_response", response={
            "subtype": "success", "request_id": message["request_id"], "response": {}})
        if fault == "deaf" and request["subtype"] == "initialize":
            time.sleep(600)
    else:
        turn(fault)
"""


def write_stand_in(folder: Path) -> Path:
    """Write the program to a folder and return where it is."""
    program = folder / "claude"
    program.write_text(f"#!{sys.executable} -ISu\n{_SOURCE}")
    program.chmod(stat.S_IRWXU)
    return program
