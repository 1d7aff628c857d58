# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what, decided by the real polkitd with the policy file and the bus policy that we ship."""

import pytest

from conftest import NAME, CallError

OBJECTS = "org.freedesktop.DBus.ObjectManager"
PROPERTIES = "org.freedesktop.DBus.Properties"
SERVER = "org.chancery.Chancery1.Server"
NOT_ALLOWED = "polkit action"

CHANGES = [
    ("account.change", "", "Manager", "AddAccount", "ssa{ss}a{ss}a{sv}", ["globalsign", "a", "0", "0", "0"]),
    ("dns.change", "", "Manager", "AddDnsAccount", "ssa{ss}a{ss}a{sv}", ["rfc2136", "a", "0", "0", "0"]),
    ("dns.change", "", "Manager", "RemoveLeftovers", "ata{sv}", ["0", "0"]),
    ("server.change", "", "Manager", "AddServer", "ssa{ss}a{ss}a{sv}", ["local", "a", "0", "0", "0"]),
    ("server.change", "", "Manager", "ScanServer", "sa{ss}a{sv}", ["ssh", "0", "0"]),
    ("profile.change", "", "Manager", "AddProfile", "ssa{ss}a{sv}", ["contact", "a", "0", "0"]),
    ("deployment.change", "", "Manager", "AddDeployment", "sa{sv}a{sv}", ["a", "0", "0"]),
    ("order.create", "", "Manager", "NewOrder", "asa{sv}a{sv}", ["1", "www.example.test", "0", "0"]),
    ("account.change", "/accounts/1", "Account", "Remove", "a{sv}", ["0"]),
    ("account.change", "/accounts/1", "Account", "Import", "a{sv}", ["0"]),
    ("order.change", "/orders/1", "Order", "AttachKey", "sa{sv}", ["PEM", "0"]),
    ("server.change", "/orders/1", "Order", "FindKey", "sa{sv}", ["here", "0"]),
    ("dns.change", "/dns/1", "DnsAccount", "SetEnabled", "ba{sv}", ["true", "0"]),
    ("server.change", "/servers/1", "Server", "Remove", "a{sv}", ["0"]),
    ("profile.change", "/profiles/1", "Profile", "Remove", "a{sv}", ["0"]),
    ("watch.change", "", "Manager", "AddWatch", "sa{sv}a{sv}", ["a.test", "0", "0"]),
    ("deployment.change", "/deployments/1", "Deployment", "Remove", "a{sv}", ["0"]),
    ("deployment.run", "/deployments/1", "Deployment", "Run", "a{sv}", ["0"]),
    ("deployment.run", "/deployments/1", "Deployment", "Look", "a{sv}", ["0"]),
    ("deployment.change", "/deployments/1", "Deployment", "Pause", "a{sv}", ["0"]),
    ("deployment.change", "/deployments/1", "Deployment", "Resume", "a{sv}", ["0"]),
    ("deployment.change", "/deployments/1", "Deployment", "Rollback", "a{sv}", ["0"]),
    ("mail.change", "", "Manager", "SetMailPassword", "sa{sv}", ["secret", "0"]),
    ("test", "", "Manager", "TestMail", "a{sv}", ["0"]),
    ("test", "/accounts/1", "Account", "Verify", "a{sv}", ["0"]),
    ("test", "/dns/1", "DnsAccount", "Test", "sa{sv}", ["example.test", "0"]),
    ("test", "/jobs/1", "Job", "Cancel", "", []),
    ("order.change", "/orders/1", "Order", "Cancel", "a{sv}", ["0"]),
    ("order.change", "/orders/1", "Order", "Reissue", "a{sv}a{sv}", ["0", "0"]),
    ("order.change", "/orders/1", "Order", "SetValidation", "a{sv}a{sv}", ["0", "0"]),
    ("order.change", "/orders/1", "Order", "RenewChallenge", "a{sv}", ["0"]),
    ("order.change", "/orders/1", "Order", "Verify", "a{sv}", ["0"]),
    ("order.change", "/orders/1", "Order", "ResendMail", "a{sv}", ["0"]),
    ("order.change", "/orders/1", "Order", "ChangeApprover", "sa{sv}", ["admin@example.test", "0"]),
    ("order.create", "/orders/1", "Order", "Renew", "a{sv}a{sv}", ["0", "0"]),
    ("order.create", "/orders/1", "Order", "Replace", "a{sv}", ["0"]),
    ("order.delete", "/orders/1", "Order", "Delete", "a{sv}", ["0"]),
    ("key.export", "/orders/1", "Order", "ExportKey", "a{sv}", ["0"]),
]

LOOKS = [
    ("", OBJECTS, "GetManagedObjects", "", []),
    ("", "Manager", "ListOrderIds", "a{sv}s", ["0", ""]),
    ("", "Manager", "ListOrders", "a{sv}ssu", ["0", "", "", "0"]),
    ("", "Manager", "ListEvents", "a{sv}tu", ["0", "0", "0"]),
    ("", "Manager", "GetStatus", "a{sv}", ["0"]),
    ("", "Manager", "ListLeftovers", "tu", ["0", "0"]),
    ("", "Manager", "ListKinds", "s", ["dns"]),
    ("", "Manager", "ListTemplates", "", []),
    ("", "Manager", "CheckOrder", "asa{sv}a{sv}", ["1", "www.example.test", "0", "0"]),
    ("", "Manager", "GetPolicy", "xa{sv}", ["0", "0"]),
    ("", "Manager", "ListMethods", "ass", ["0", ""]),
    ("", PROPERTIES, "GetAll", "s", ["org.chancery.Chancery1.Manager"]),
]


@pytest.mark.parametrize("path, interface, method, signature, args", LOOKS)
def test_a_viewer_may_look(system_world, path, interface, method, signature, args):
    system_world.call("nobody", path, interface, method, signature, *args)


@pytest.mark.parametrize("path, interface, method, signature, args", LOOKS)
def test_a_stranger_may_not_look(system_world, path, interface, method, signature, args):
    with pytest.raises(CallError, match="org.chancery.view"):
        system_world.call("www-data", path, interface, method, signature, *args)


@pytest.mark.parametrize("user", ["nobody", "www-data"])
@pytest.mark.parametrize("action, path, interface, method, signature, args", CHANGES)
def test_who_may_not_change(system_world, user, action, path, interface, method, signature, args):
    with pytest.raises(CallError, match=f"“org.chancery.{action}”"):
        system_world.call(user, path, interface, method, signature, *args)


def test_a_stranger_does_not_learn_what_is_there(system_world):
    """The same words for an object that is there and one that is not."""
    add_server(system_world, "there")
    messages = set()
    for number in (1, 999):
        with pytest.raises(CallError) as error:
            system_world.call("www-data", f"/servers/{number}", PROPERTIES, "GetAll", "s", SERVER)
        messages.add(str(error.value))
    assert len(messages) == 1


def add_server(world, name, user="root"):
    return world.call(user, "", "Manager", "AddServer", "ssa{ss}a{ss}a{sv}", "local", name, "0", "0", "0")


def order(world, user, account, *names):
    arguments = [str(len(names)), *names, "1", "account", "s", account, "0"]
    return world.call(user, "", "Manager", "NewOrder", "asa{sv}a{sv}", *arguments)


@pytest.mark.parametrize("account, names", [
    ("test", ["www.example.test"]),
    ("test", ["example.test", "*.example.test"]),
    ("test", ["WWW.EXAMPLE.TEST."]),
])
def test_a_rule_allows_by_account_and_domain(system_world, account, names):
    """polkit lets it through; what the daemon then says about it is another matter."""
    try:
        order(system_world, "daemon", account, *names)
    except CallError as error:
        assert NOT_ALLOWED not in str(error)


@pytest.mark.parametrize("account, names", [
    ("production", ["www.example.test"]),
    ("test", ["www.example.org"]),
    ("test", ["www.example.test", "www.example.org"]),
    ("test", ["evilexample.test"]),
    ("test", ["evil.org/.example.test"]),
    ("test", []),
])
def test_a_rule_refuses_by_account_and_domain(system_world, account, names):
    with pytest.raises(CallError, match="org.chancery.order.create"):
        order(system_world, "daemon", account, *names)


def test_a_rule_allows_by_object(system_world):
    mine = add_server(system_world, "mine")[0].removeprefix("/org/chancery/Chancery1")
    other = add_server(system_world, "other")[0].removeprefix("/org/chancery/Chancery1")

    with pytest.raises(CallError, match="org.chancery.server.change"):
        system_world.call("daemon", other, "Server", "SetEnabled", "ba{sv}", "true", "0")
    system_world.call("daemon", mine, "Server", "SetEnabled", "ba{sv}", "true", "0")


def test_the_log_says_who_and_why(system_world):
    add_server(system_world, "by-root")
    add_server(system_world, "by-backup", "backup")
    rows = system_world.call("nobody", "", "Manager", "ListEvents", "a{sv}tu", "0", "0", "0")[0]
    authority = {row["Name"]["data"]: row["Authority"]["data"]
                 for row in rows if row["Action"]["data"] == "server.add"}
    assert authority["by-root"] == "root"
    assert authority["by-backup"] == "polkit:org.chancery.server.change"


def test_an_operator_takes_no_key_out(system_world):
    with pytest.raises(CallError, match="administrator’s password.*org.chancery.key.export"):
        system_world.call("backup", "/orders/1", "Order", "ExportKey", "a{sv}", "0")
    with pytest.raises(CallError, match="1"):
        system_world.call("backup", "/orders/1", "Order", "Retry", "a{sv}", "0")


def test_a_certificate_is_public_and_its_key_is_not(system_world):
    export = ["ExportCertificate", "tsa{sv}", "1", "pem"]
    with pytest.raises(CallError, match="no certificate 1"):
        system_world.call("backup", "", "Manager", *export, "0")
    with pytest.raises(CallError, match="org.chancery.key.export"):
        system_world.call("backup", "", "Manager", *export, "1", "key", "b", "true")


def test_root_may_everything(system_world):
    with pytest.raises(CallError) as error:
        system_world.call("root", "/orders/999", "Order", "ExportKey", "a{sv}", "0")
    assert NOT_ALLOWED not in str(error.value)


def test_the_shipped_defaults(system_world):
    """Keys ask each time; other changes may be kept a while for who sits at the machine."""
    text = system_world.run("root", "pkaction", "--verbose")["out"]
    actions = {}
    for block in text.strip().split("\n\n"):
        name, *lines = block.strip().splitlines()
        actions[name.rstrip(":")] = dict(line.strip().split(":", 1) for line in lines if ":" in line)
    ours = {name: {key: value.strip() for key, value in entry.items()} for name, entry in actions.items()
            if name.startswith("org.chancery.")}
    assert len(ours) == 14
    special = {"org.chancery.view": "yes", "org.chancery.key.export": "auth_admin"}
    for name, entry in ours.items():
        active = special.get(name, "auth_admin_keep")
        assert entry["implicit active"] == active
        assert entry["implicit any"] == ("auth_admin_keep" if name == "org.chancery.view" else "auth_admin")


def test_nobody_else_owns_the_name(system_world):
    done = system_world.run("nobody", "busctl", "--system", "call", "org.freedesktop.DBus",
                            "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName", "su", NAME, "2")
    assert done["code"] != 0
    assert "denied" in done["err"].lower()


def test_the_tree_is_useful(system_world):
    add_server(system_world, "in-the-tree")
    tree = system_world.run("nobody", "busctl", "--system", "tree", "--list", NAME)["out"].split()
    assert "/org/chancery/Chancery1/orders" in tree
    assert any(path.startswith("/org/chancery/Chancery1/servers/") for path in tree)


def test_without_polkit_only_root(world_without_polkit):
    with pytest.raises(CallError, match="polkit is not there"):
        world_without_polkit.call("nobody", "", "Manager", "GetStatus", "a{sv}", "0")
    world_without_polkit.call("root", "", "Manager", "GetStatus", "a{sv}", "0")
