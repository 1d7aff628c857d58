# SPDX-License-Identifier: GPL-3.0-or-later
"""What is followed while it happens: jobs, orders, the log."""

import json
import re
import signal

import fake as fake_service
import world

ROOT = world.ROOT
JOB = f"{ROOT}/jobs/1"
ORDER = f"{ROOT}/orders/3"
WEB = f"{ROOT}/deployments/2"


def read_until(process, text):
    lines = []
    while not lines or text not in lines[-1]:
        line = process.stdout.readline()
        assert line, (lines, process.stderr.read())
        lines.append(line)
    return "".join(lines)


def test_job_lines_come_as_they_happen(chancery, fake):
    fake.world["jobs"][1] = world.job(lines=["Asking …"])
    process = chancery.start("account", "verify", "prod")
    read_until(process, "Asking …")
    fake.later(lambda: fake.change(JOB, Lines=["Asking …", "It knows us."]))
    read_until(process, "It knows us.")
    fake.later(lambda: fake.change(JOB, State="done", Result={"balance": "7"}))
    output, errors = process.communicate(timeout=60)
    assert output == "  balance  7\nDone\n"
    assert (errors, process.returncode) == ("", 0)


def test_the_end_of_a_job_is_not_missed(chancery, fake):
    """It ends between the answer that names it and the first look at it."""
    def verify(service, path, arguments):
        service.world["jobs"][1] = world.job(lines=["Asking …"])
        service.later(lambda: service.change(JOB, State="failed", ErrorMessage="The password is wrong."))
        return (JOB,)

    fake.answers["Verify"] = verify
    run = chancery("account", "verify", "prod")
    assert run.stdout == "  Asking …\n"
    assert run.stderr == "chancery: The password is wrong.\n"
    assert run.returncode == 1


def test_job_as_a_document(chancery, fake):
    fake.world["jobs"][1] = world.job("failed", ["Asking …"], ErrorMessage="No.", Error="org.chancery.Chancery1.Error.Credentials")
    run = chancery("--json", "dns", "test", "ns1", "example.test")
    document = json.loads(run.stdout)
    assert (document["state"], document["error_message"], run.returncode) == ("failed", "No.", 1)
    assert ("DnsAccount", "Test", f"{ROOT}/dns/1", ("example.test", {})) in fake.calls


def test_ctrl_c_cancels_a_job(chancery, fake):
    fake.world["jobs"][1] = world.job(lines=["Asking …"])
    fake.answers["Cancel"] = lambda service, path, arguments: service.change(JOB, State="cancelled") or ()
    process = chancery.start("account", "verify", "prod")
    read_until(process, "Asking …")
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert errors == "chancery: Cancelled\n"
    assert process.returncode == 1
    assert ("Job", "Cancel", JOB, ()) in fake.calls


def test_second_ctrl_c_leaves_a_job_alone(chancery, fake):
    fake.world["jobs"][1] = world.job(lines=["Asking …"])
    process = chancery.start("account", "verify", "prod")
    read_until(process, "Asking …")
    process.send_signal(signal.SIGINT)
    while ("Job", "Cancel", JOB, ()) not in fake.calls:
        pass
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 1


def issue(fake):
    """As the engine does it: the order first, then its deployment finds the new certificate."""
    end = world.NOW + 198 * world.DAY
    fake.world["certificates"][3] = [world.certificate("cd" * 32, end)]
    fake.change(ORDER, State="issued", Step="none", Reason="", IssuedAt=world.NOW, NotAfter=end)


def test_watch_in_a_pipe(chancery, fake):
    fake.world["deployments"][2].update(State="idle", Reason="", NextTry=0)
    process = chancery.start("order", "watch", "shop.example.test")
    text = read_until(process, "deployment shop: idle")
    assert "validating (propagate): ns2.example.test does not show the value yet" in text
    assert "_dnsauth.shop.example.test: ns1.example.test (192.0.2.1): shows the value\n" in text
    fake.later(lambda: fake.change(ORDER, Step="fetch", Reason=""))
    read_until(process, "validating (fetch)")
    fake.later(lambda: issue(fake))
    read_until(process, "issued")
    fake.later(lambda: fake.change(WEB, State="running", Fingerprint="cd" * 32))
    read_until(process, "deployment shop: running")
    fake.later(lambda: fake.change(WEB, State="deployed", DeployedAt=world.NOW + 1))
    output, errors = process.communicate(timeout=60)
    assert "Issued, deployed and seen being served; valid until 2027-06-09" in output
    assert (errors, process.returncode) == ("", 0)


def test_watch_waits_for_the_new_certificate_to_be_served(chancery, fake):
    """The deployment still tells of the one before."""
    fake.world["deployments"][2].update(State="deployed", Reason="", Fingerprint="ab" * 32, DeployedAt=world.NOW - 9 * world.DAY)
    issue_row = fake.world["orders"][3]
    issue_row.update(State="issued", Step="none", Reason="", IssuedAt=world.NOW, NotAfter=world.NOW + world.DAY)
    fake.world["certificates"][3] = [world.certificate("cd" * 32, world.NOW + world.DAY)]
    process = chancery.start("order", "watch", "3")
    read_until(process, "deployment shop: deployed")
    fake.later(lambda: fake.change(WEB, State="failed", Reason="nginx says no.", Fingerprint="cd" * 32, NextTry=world.NOW + 600))
    output, errors = process.communicate(timeout=60)
    assert errors == ("chancery: The certificate is issued, but deployment “shop” failed: nginx says no. "
                      "It is tried again in 10 minutes.\n")
    assert process.returncode == 1


def test_watch_as_lines_of_json(chancery, fake):
    process = chancery.start("--json", "order", "watch", "3")
    first = json.loads(process.stdout.readline())
    assert (first["step"], first["challenges"][0]["observed"][0]["result"]) == ("propagate", "value")
    fake.later(lambda: fake.change(ORDER, State="rejected", Step="none", Reason="No."))
    output, errors = process.communicate(timeout=60)
    (line,) = output.splitlines()
    assert json.loads(line)["state"] == "rejected"
    assert process.returncode == 1
    assert "ended: rejected. No." in errors


def test_watch_on_a_terminal_renews_its_view(chancery, fake):
    terminal = chancery.terminal("order", "watch", "3", width=60)
    terminal.expect("▶ propagate")
    assert all(len(line) < 60 for line in plain(terminal.output).splitlines())
    fake.later(lambda: fake.change(ORDER, State="failed", Step="none", Reason="We gave up."))
    assert terminal.wait() == 1
    assert "\033[" in terminal.output and "A\r" in terminal.output
    assert "ended: failed. We gave up." in " ".join(terminal.output.split())


def plain(text):
    return re.sub(r"\033\[[0-9;?]*[A-Za-z]|\r", "", text)


def test_ctrl_c_ends_the_watching_only(chancery, fake):
    process = chancery.start("order", "watch", "3")
    read_until(process, "validating")
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert "the order goes on by itself" in errors
    assert process.returncode == 1
    assert "Cancel" not in [c[1] for c in fake.calls]


def test_watch_outlives_a_restart(chancery, bus, fake):
    process = chancery.start("order", "watch", "3")
    read_until(process, "ns2")
    fake.stop()
    again = fake_service.Fake(bus, fake.world)
    again.later(lambda: again.change(ORDER, State="failed", Step="none", Reason="After the restart."))
    output, errors = process.communicate(timeout=60)
    again.stop()
    fake.stop = lambda: None
    assert "After the restart." in errors
    assert process.returncode == 1


def test_watch_on_a_terminal_tells_of_silence(chancery, bus, fake):
    terminal = chancery.terminal("order", "watch", "3")
    terminal.expect("▶ propagate")
    fake.stop()
    terminal.expect("The service does not answer; waits")
    again = fake_service.Fake(bus, fake.world)
    again.later(lambda: again.change(ORDER, State="failed", Step="none", Reason="After the restart."))
    assert terminal.wait() == 1
    again.stop()
    fake.stop = lambda: None
    last = plain(terminal.output.split("A\r")[-1])
    assert "does not answer" not in last
    assert "After the restart." in last


def test_order_new_waits(chancery, fake):
    fake.world["deployments"].clear()
    process = chancery.start("order", "new", "shop.example.test", "--wait")
    read_until(process, "ns2")
    fake.later(lambda: issue(fake))
    output, errors = process.communicate(timeout=60)
    assert "Issued; valid until" in output
    assert process.returncode == 0


def test_log_follows(chancery, fake):
    process = chancery.start("log", "--follow", "--object", "order/3")
    read_until(process, "Published")
    new = world.event(9, "order.issue", "order/3", "shop.example.test", "Issued", uid=-1)
    other = world.event(8, "order.issue", "order/4", "old.example.test", "Not this one", uid=-1)
    fake.later(lambda: (fake.emit_event(other), fake.emit_event(new)))
    text = read_until(process, "Issued")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert "Not this one" not in text
    assert process.returncode == 0


def test_a_service_that_goes_away(chancery, fake):
    fake.world["jobs"][1] = world.job(lines=["Asking …"])
    process = chancery.start("account", "verify", "prod")
    read_until(process, "Asking …")
    fake.stop()
    output, errors = process.communicate(timeout=60)
    fake.stop = lambda: None
    assert process.returncode == 5
    assert "went away" in errors or "does not answer" in errors
