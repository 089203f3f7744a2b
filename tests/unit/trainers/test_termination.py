import os
import signal
import subprocess
import sys
import threading

import pytest

from neptune_yolo.trainers.termination import TerminationRequest, exit_on_sigterm, patient_interrupts

posix_signals = pytest.mark.skipif(sys.platform == "win32", reason="signals cannot be sent to a process on Windows")


def send_sigterm() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


@posix_signals
def test_sigterm_becomes_an_exception_inside_the_block_only() -> None:
    with pytest.raises(TerminationRequest) as caught, exit_on_sigterm():
        send_sigterm()

    assert caught.value.code == 143
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@posix_signals
def test_a_program_ends_with_the_code_of_sigterm_after_its_clean_up() -> None:
    program = """
import os, signal
from neptune_yolo.trainers.termination import exit_on_sigterm
with exit_on_sigterm():
    try:
        os.kill(os.getpid(), signal.SIGTERM)
    finally:
        print("cleaned up")
"""
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True, timeout=60)

    assert done.returncode == 143
    assert done.stdout == "cleaned up\n"


@posix_signals
def test_a_handler_of_the_program_is_left_alone() -> None:
    received = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: received.append(number))
    try:
        with exit_on_sigterm():
            send_sigterm()
    finally:
        signal.signal(signal.SIGTERM, before)

    assert received == [signal.SIGTERM]


def test_other_threads_do_without() -> None:
    errors: list[BaseException] = []

    def enter() -> None:
        try:
            with exit_on_sigterm():
                pass
        except ValueError as error:
            errors.append(error)

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()

    assert errors == []


@posix_signals
def test_impatient_presses_of_ctrl_c_do_not_cut_the_end_off_but_the_third_does() -> None:
    finished = False
    with patient_interrupts():
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        finished = True

    assert finished
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler

    def press_three_times() -> None:
        for _ in range(3):
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt), patient_interrupts():
        press_three_times()
