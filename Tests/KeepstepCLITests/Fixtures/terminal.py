"""Runs a command on a terminal of its own and types an answer when it asks.

Usage: terminal.py ANSWER COMMAND [ARGUMENT…]
ANSWER may have Python's escapes: 'y\\n' is y and Return, '\\x04' is Ctrl-D. Prints all that the terminal showed, what was
typed among it, and the exit status in brackets.
"""

import os
import pty
import signal
import sys

answer = sys.argv[1].encode().decode("unicode_escape").encode()
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
signal.alarm(60)  # a command that waits for something else
shown, answered = b"", False
while True:
    try:
        piece = os.read(terminal, 4096)
    except OSError:  # what Linux says when nobody is left on the other side
        break
    if not piece:
        break
    shown += piece
    if not answered and b"[y/N] " in shown:
        os.write(terminal, answer)
        answered = True
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.stdout.write(shown.decode().replace("\r\n", "\n"))
print(f"[{status}]")
